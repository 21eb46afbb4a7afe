@NullMarked
package retl.warehouse.postgres;

import org.jspecify.annotations.NullMarked;
