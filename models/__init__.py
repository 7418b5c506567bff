"""Mathematics: arrays in, arrays out."""
