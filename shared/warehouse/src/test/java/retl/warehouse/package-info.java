@NullMarked
package retl.warehouse;

import org.jspecify.annotations.NullMarked;
