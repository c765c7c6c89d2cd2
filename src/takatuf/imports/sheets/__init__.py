"""Reading spreadsheets of any layout. No Django here: bytes in, plain rows out."""
