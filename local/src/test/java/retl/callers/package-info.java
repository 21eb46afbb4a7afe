/** Who gets in, and that nobody sees across workspaces: tests through the real handlers. */
@NullMarked
package retl.callers;

import org.jspecify.annotations.NullMarked;
