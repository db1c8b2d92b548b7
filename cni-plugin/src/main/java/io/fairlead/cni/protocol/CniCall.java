package io.fairlead.cni.protocol;

/** A valid request about one attachment. */
public record CniCall(AttachmentKey key, CniEnvironment environment, NetworkConfig config) {}
