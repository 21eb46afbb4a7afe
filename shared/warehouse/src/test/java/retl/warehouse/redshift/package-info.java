/** Tests of Redshift: its real driver against a real PostgreSQL. */
@NullMarked
package retl.warehouse.redshift;

import org.jspecify.annotations.NullMarked;
