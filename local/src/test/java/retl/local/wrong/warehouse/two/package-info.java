/** Breaks the rules of its namesake, for the controls of the architecture test. */
@NullMarked
package retl.local.wrong.warehouse.two;

import org.jspecify.annotations.NullMarked;
