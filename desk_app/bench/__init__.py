"""What this program takes, against what it could take: floors measured in the same run."""
