"""Damage files exhaustively or at random: they are refused, or read as exactly what they hold."""
