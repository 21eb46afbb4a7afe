package retl.local.wrong.warehouse.one;

/** Knows another warehouse. */
public record Wrong(retl.local.wrong.warehouse.two.Wrong other) {}
