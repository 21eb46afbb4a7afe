/**
 * Connecting to warehouses: the named checks, and running accepted queries, always read-only and
 * always back in time. What differs between warehouses lies in one package each.
 */
@NullMarked
package retl.warehouse;

import org.jspecify.annotations.NullMarked;
