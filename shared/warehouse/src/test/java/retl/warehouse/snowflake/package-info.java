@NullMarked
package retl.warehouse.snowflake;

import org.jspecify.annotations.NullMarked;
