/** The warehouses that the service knows, and what a column of theirs is. */
@NullMarked
package retl.core.warehouse;

import org.jspecify.annotations.NullMarked;
