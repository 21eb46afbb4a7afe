/** PostgreSQL: connecting, checking, previewing; its types, errors and remedies. */
@NullMarked
package retl.warehouse.postgres;

import org.jspecify.annotations.NullMarked;
