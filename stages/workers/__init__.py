"""Workers that do many jobs in parallel, on this machine or on a cluster, and the loop that feeds them."""
