package io.fairlead.nftables.hostport;

/**
 * Who has host ports.
 *
 * @param key tells owners apart
 * @param name for people: the pod, as far as it is known
 */
public record PortOwner(String key, String name) {}
