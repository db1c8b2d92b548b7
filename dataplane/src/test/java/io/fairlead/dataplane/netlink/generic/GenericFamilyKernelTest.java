package io.fairlead.dataplane.netlink.generic;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_GENERIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GenericFamilyKernelTest {

  private static final Pattern GENL =
      Pattern.compile("Name: (\\S+)\\s+ID: 0x(\\S+)\\s+Version: 0x(\\S+)\\s+header size: (\\d+)");

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace namespace;
  private NetlinkSocket socket;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("generic-test");
    socket = namespace.call(() -> NetlinkSocket.open(NETLINK_GENERIC));
  }

  @AfterEach
  void close() {
    socket.close();
    namespace.close();
    descriptors.assertNoneAdded();
  }

  @Test
  void theControllerDescribesItself() throws Exception {
    GenericFamily controller = GenericFamily.resolve(socket, "nlctrl", "none");
    assertThat(controller.id()).isEqualTo(16);
    assertThat(controller.version()).isEqualTo(2);
    assertThat(controller.headerSize()).isZero();
    assertThat(controller.multicastGroups()).containsOnlyKeys("notify");
  }

  @Test
  void everyFamilyIsAsIproutePrintsIt() throws Exception {
    List<String> expected =
        GENL.matcher(namespace.run("genl", "ctrl", "list"))
            .results()
            .map(GenericFamilyKernelTest::describe)
            .toList();
    List<GenericFamily> families = GenericFamily.list(socket);
    assertThat(families.stream().map(GenericFamilyKernelTest::describe).toList())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(expected);
    for (GenericFamily family : families) {
      assertThat(GenericFamily.resolve(socket, family.name(), "none")).isEqualTo(family);
    }
  }

  private static String describe(MatchResult genl) {
    return String.format(
        Locale.ROOT,
        "%s %d %d %s",
        genl.group(1),
        Integer.parseInt(genl.group(2), 16),
        Integer.parseInt(genl.group(3), 16),
        genl.group(4));
  }

  private static String describe(GenericFamily family) {
    return family.name() + " " + family.id() + " " + family.version() + " " + family.headerSize();
  }

  @Test
  @DisplayName("a family that the kernel lacks is named with its module (faults 25)")
  void aMissingFamilyIsASentence() {
    assertThatExceptionOfType(MissingFamilyException.class)
        .isThrownBy(() -> GenericFamily.resolve(socket, "NO_SUCH_FAMILY", "ip_vs"))
        .withMessage(
            "this kernel has no generic netlink family NO_SUCH_FAMILY; load the kernel module"
                + " ip_vs (modprobe ip_vs) or run a kernel that is built with it")
        .matches(e -> e.family().equals("NO_SUCH_FAMILY"));
  }
}
