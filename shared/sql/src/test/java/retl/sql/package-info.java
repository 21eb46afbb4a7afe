/** Tests of the query gate. */
@NullMarked
package retl.sql;

import org.jspecify.annotations.NullMarked;
