/** Work that a worker does later. */
@NullMarked
package retl.core.job;

import org.jspecify.annotations.NullMarked;
