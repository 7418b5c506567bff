"""How texts write numbers, counts and values (9,518 of 10,000; 95.18 %; 1 epoch; an 8), and how names are escaped."""
