package retl.local.wrong.functions.one;

/** Knows another function's module. */
public record Wrong(retl.local.wrong.functions.two.Wrong other) {}
