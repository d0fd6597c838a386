"""What a clerk can ask for; one verb a function, frozen values in and out."""
