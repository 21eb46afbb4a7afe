/** The functions that start previews and read them. */
@NullMarked
package retl.functions.previews;

import org.jspecify.annotations.NullMarked;
