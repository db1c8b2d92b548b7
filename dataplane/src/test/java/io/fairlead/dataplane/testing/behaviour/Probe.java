package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;

/**
 * One connection or datagram.
 *
 * @param patient whether something is expected to come back: it is waited for long, since a busy
 *     machine is slow; silence is believed soon
 */
record Probe(Host client, Protocol protocol, IpAddress address, int port, boolean patient) {}
