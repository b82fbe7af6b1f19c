"""Writes graphs in the syntaxes of RDF: the same graph gives the same bytes, lexical forms are kept."""
