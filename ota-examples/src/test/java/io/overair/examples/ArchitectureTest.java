package io.overair.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Timer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** The dependency rules of the project, held against every class of every module. */
@AnalyzeClasses(
        packages = "io.overair",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeTestJars.class})
class ArchitectureTest {
    /** What the modules offer to the tests of others. */
    static final class DoNotIncludeTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String CORE_VERSION = "io.overair.version..";
    private static final String CORE_MANIFEST = "io.overair.manifest..";
    private static final String CORE_TREE = "io.overair.tree..";
    private static final String CORE_INSTALL = "io.overair.install..";

    @ArchTest
    static final ArchRule versionsKnowNothingOfTheRest = noClasses()
            .that()
            .resideInAPackage(CORE_VERSION)
            .should()
            .dependOnClassesThat(ours().and(not(CORE_VERSION)));

    @ArchTest
    static final ArchRule manifestsKnowOnlyVersions = noClasses()
            .that()
            .resideInAPackage(CORE_MANIFEST)
            .should()
            .dependOnClassesThat(ours().and(not(CORE_VERSION, CORE_MANIFEST)));

    @ArchTest
    static final ArchRule treesKnowOnlyManifestsAndVersions = noClasses()
            .that()
            .resideInAPackage(CORE_TREE)
            .should()
            .dependOnClassesThat(ours().and(not(CORE_VERSION, CORE_MANIFEST, CORE_TREE)));

    @ArchTest
    static final ArchRule installationsKnowOnlyManifestsAndVersions = noClasses()
            .that()
            .resideInAPackage(CORE_INSTALL)
            .should()
            .dependOnClassesThat(ours().and(not(CORE_VERSION, CORE_MANIFEST, CORE_INSTALL)));

    @ArchTest
    static final ArchRule installationsUseNoJson = noClasses()
            .that()
            .resideInAPackage(CORE_INSTALL)
            .should()
            .dependOnClassesThat(nameMatching("io\\.overair\\.manifest\\.ManifestJson.*"))
            .orShould()
            .dependOnClassesThat(resideInAPackage("com.fasterxml.."));

    // Else the crash model would not see what they do. The port itself, the lock, and commands: they read and write
    // files,
    // and are found again among the processes of the system.
    @ArchTest
    static final ArchRule installationsTouchTheDiskThroughThePortOnly = noClasses()
            .that()
            .resideInAPackage(CORE_INSTALL)
            .and(
                    DescribedPredicate.not(
                            nameMatching(
                                    "io\\.overair\\.install\\.(NioFilePort|InstallationLock|Command|CommandHook|CommandFirmwareWriter|CommandRun)(\\$.*)?")))
            .should()
            .dependOnClassesThat(nameMatching("java\\.nio\\.file\\.(Files|spi\\..*)"
                    + "|java\\.nio\\.channels\\..*"
                    + "|java\\.io\\.(File|File[A-Z].*|RandomAccessFile|PrintStream|PrintWriter)"));

    @ArchTest
    static final ArchRule clientKnowsNoServer = noClasses()
            .that()
            .resideInAPackage("io.overair.client..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.overair.server..", "io.overair.examples.."));

    @ArchTest
    static final ArchRule clientKnowsNothingOfItsTransports = noClasses()
            .that()
            .resideInAPackage("io.overair.client")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.overair.client.*", "java.net.http.."));

    @ArchTest
    static final ArchRule serverKnowsNoClient = noClasses()
            .that()
            .resideInAPackage("io.overair.server..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.overair.client..", "io.overair.examples.."));

    @ArchTest
    static final ArchRule handlerKnowsNoWebServer = noClasses()
            .that()
            .resideInAPackage("io.overair.server")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.overair.server.*", "com.sun.net.httpserver..", "io.netty.."));

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.overair.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noPackageIsAHidingPlace =
            noClasses().that(ours()).should().resideInAnyPackage("..internal..", "..impl..", "..util..");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .that(ours())
            .should(ArchCondition.from(describe(
                    "reside in a package whose package-info is @NullMarked",
                    type -> type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"))));

    @ArchTest
    static final ArchRule jacksonStaysBehindManifestJson = noClasses()
            .that(libraries())
            .and()
            .doNotHaveFullyQualifiedName("io.overair.manifest.ManifestJson")
            .and(DescribedPredicate.not(nameMatching("io\\.overair\\.manifest\\.ManifestJson\\$.*")))
            .should()
            .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."));

    @ArchTest
    static final ArchRule okHttpStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.overair.client.http..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("okhttp3..", "okio.."));

    @ArchTest
    static final ArchRule nettyStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.overair.server.netty..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.netty.."));

    @ArchTest
    static final ArchRule jdkServerStaysInItsPackage = noClasses()
            .that(libraries())
            .and()
            .resideOutsideOfPackage("io.overair.server.jdk..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.sun.net.httpserver.."));

    // A hook gets one, which would otherwise keep the device from being updated, or from starting, for ever.
    @ArchTest
    static final ArchRule coreStartsNoThreads = noClasses()
            .that()
            .resideInAnyPackage(CORE_VERSION, CORE_MANIFEST, CORE_TREE, CORE_INSTALL)
            .and()
            .doNotHaveFullyQualifiedName("io.overair.install.TimeLimit")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.belongToAnyOf(Executors.class, ForkJoinPool.class, Timer.class))
            .orShould()
            .callConstructorWhere(target(owner(JavaClass.Predicates.assignableTo(Thread.class))))
            .orShould()
            .accessTargetWhere(target(runsOnThreadsOfTheJdk()));

    @ArchTest
    static final ArchRule coreOpensNoConnections = noClasses()
            .that()
            .resideInAnyPackage(CORE_VERSION, CORE_MANIFEST, CORE_TREE, CORE_INSTALL)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net.http..", "javax.net.."))
            .orShould()
            .dependOnClassesThat(nameMatching(
                    "java\\.net\\.(\\w*URLConnection|\\w*Socket\\w*)|java\\.nio\\.channels\\.\\w*Socket\\w*"));

    @ArchTest
    static final ArchRule librariesDoNotPrint = noClasses()
            .that(libraries())
            // It is a program.
            .and()
            .resideOutsideOfPackage("io.overair.guard")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule librariesUseNoForeignLogging = noClasses()
            .that(libraries())
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.slf4j..", "java.util.logging..", "org.apache.logging.."));

    @ArchTest
    static final ArchRule publicClassesAreFinalOrMeantToBeImplemented = classes()
            .that(libraries())
            .and()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .should()
            .haveModifier(JavaModifier.FINAL);

    private static DescribedPredicate<JavaClass> ours() {
        return resideInAPackage("io.overair..");
    }

    private static DescribedPredicate<JavaClass> not(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages));
    }

    private static DescribedPredicate<JavaClass> libraries() {
        return ours().and(DescribedPredicate.not(resideInAPackage("io.overair.examples..")));
    }

    // Method references count like calls.
    private static DescribedPredicate<AccessTarget> runsOnThreadsOfTheJdk() {
        return describe(
                "runs on threads of the JDK",
                target -> target instanceof CodeUnitAccessTarget called
                        && (isAsyncWithoutExecutor(called) || isParallel(called)));
    }

    private static boolean isAsyncWithoutExecutor(CodeUnitAccessTarget called) {
        return called.getOwner().isAssignableTo(CompletionStage.class)
                && called.getName().endsWith("Async")
                && called.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Executor.class));
    }

    private static boolean isParallel(CodeUnitAccessTarget called) {
        return called.getOwner().getPackageName().startsWith("java.util")
                && called.getName().startsWith("parallel");
    }
}
