"""The commands of `nn`, one file each: parse, call a stage, print its report."""
