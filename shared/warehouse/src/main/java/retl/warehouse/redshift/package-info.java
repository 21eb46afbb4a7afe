/** Amazon Redshift: connecting, checking, previewing; its types, errors and remedies. */
@NullMarked
package retl.warehouse.redshift;

import org.jspecify.annotations.NullMarked;
