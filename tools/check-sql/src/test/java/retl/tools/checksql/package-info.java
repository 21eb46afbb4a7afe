/** Tests of the command. */
@NullMarked
package retl.tools.checksql;

import org.jspecify.annotations.NullMarked;
