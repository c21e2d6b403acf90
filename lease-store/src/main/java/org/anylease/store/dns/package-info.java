/**
 * What a cell has on record about DNS: for each address, which names were or are to be put there, so that whichever
 * server sends updates next knows what stands in DNS. Depends on addresses and log indexes only.
 */
@NullMarked
package org.anylease.store.dns;

import org.jspecify.annotations.NullMarked;
