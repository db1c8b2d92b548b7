/** The listening sides of the agent: metrics and health over TCP, status over a Unix socket. */
@NullMarked
package io.fairlead.agent.server;

import org.jspecify.annotations.NullMarked;
