package io.fairlead.agent.conformance;

import java.util.List;
import java.util.stream.Stream;

/** All obligations, in an order in which the first failures explain later ones. */
final class Obligations {

  private Obligations() {}

  static Stream<Obligation> all() {
    return Stream.of(
            CommandObligations.all(),
            VersionObligations.all(),
            VariableObligations.all(),
            NamespaceObligations.all(),
            ConfigurationObligations.all(),
            ErrorObligations.all(),
            AddObligations.all(),
            AddFailureObligations.all(),
            ResultObligations.all(),
            ChainObligations.all(),
            PacketObligations.all(),
            CheckObligations.all(),
            DelObligations.all(),
            GcObligations.all(),
            StatusObligations.all(),
            CapabilityObligations.all(),
            ArgumentObligations.all(),
            ParallelObligations.all(),
            AddressObligations.all(),
            KillObligations.all(),
            AgentObligations.all())
        .flatMap(List::stream);
  }
}
