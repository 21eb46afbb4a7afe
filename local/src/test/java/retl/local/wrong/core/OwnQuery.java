package retl.local.wrong.core;

import retl.core.query.AcceptedQuery;

/** A query that no gate accepted. */
public abstract class OwnQuery implements AcceptedQuery {}
