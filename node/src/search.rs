//! Full text, place and facets over everything this node holds.
