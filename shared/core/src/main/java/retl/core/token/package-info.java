/** Access tokens: how callers prove who they are. */
@NullMarked
package retl.core.token;

import org.jspecify.annotations.NullMarked;
