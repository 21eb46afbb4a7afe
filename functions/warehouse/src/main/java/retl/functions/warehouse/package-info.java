/** The workers: the only functions that connect to warehouses. */
@NullMarked
package retl.functions.warehouse;

import org.jspecify.annotations.NullMarked;
