/** Running a query: a job with its rows, kept for a while. */
@NullMarked
package retl.core.preview;

import org.jspecify.annotations.NullMarked;
