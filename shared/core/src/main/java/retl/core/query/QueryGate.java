package retl.core.query;

import retl.core.warehouse.Warehouse;

/** Judges what a person typed: is it exactly one read-only query? */
public interface QueryGate {

  /**
   * Judges a text without touching any warehouse. Never throws for any text, and never changes it:
   * an accepted query still knows the text it came from, byte for byte.
   */
  Verdict judge(String sql, Warehouse dialect);
}
