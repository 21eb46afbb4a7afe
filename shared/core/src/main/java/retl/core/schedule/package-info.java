/** Validating every credential again and again, each in its own minute of the day. */
@NullMarked
package retl.core.schedule;

import org.jspecify.annotations.NullMarked;
