/** The functions that keep models. */
@NullMarked
package retl.functions.models;

import org.jspecify.annotations.NullMarked;
