-- What every search has to know of every feed, without the pages that heads and indexes fill.
CREATE INDEX feed_searched ON feed (feed, node, seq, expires, applied_at);
