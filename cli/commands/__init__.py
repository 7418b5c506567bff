"""The commands of `nn`, one file each: parse the arguments, call a stage, print its report; longer reports as text."""
