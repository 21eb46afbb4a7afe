/** How to reach a warehouse: settings, secrets, and their life. */
@NullMarked
package retl.core.credential;

import org.jspecify.annotations.NullMarked;
