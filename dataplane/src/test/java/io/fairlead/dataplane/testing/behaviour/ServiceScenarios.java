package io.fairlead.dataplane.testing.behaviour;

/** What happens to packets while Services, endpoints and the node change. */
abstract class ServiceScenarios extends BackendLab {}
