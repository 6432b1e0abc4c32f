/**
 * Who a client is: accounts as a server keeps them, and proofs of passwords that the proxy never
 * learns.
 */
@NullMarked
package dev.regent.proxy.auth;

import org.jspecify.annotations.NullMarked;
