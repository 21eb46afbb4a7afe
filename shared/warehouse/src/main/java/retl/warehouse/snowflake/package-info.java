/** Snowflake through its own driver, which reaches the network by a proxy of ours alone. */
@NullMarked
package retl.warehouse.snowflake;

import org.jspecify.annotations.NullMarked;
