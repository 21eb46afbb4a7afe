/** The functions that keep sources. */
@NullMarked
package retl.functions.sources;

import org.jspecify.annotations.NullMarked;
