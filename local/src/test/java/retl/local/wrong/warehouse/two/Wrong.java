package retl.local.wrong.warehouse.two;

/** A warehouse that others should not know. */
public record Wrong() {}
