/** The functions that keep credentials and start their validations. */
@NullMarked
package retl.functions.credentials;

import org.jspecify.annotations.NullMarked;
