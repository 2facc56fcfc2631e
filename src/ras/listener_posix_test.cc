// listener_posix_test.cc - the administration functions, asked over a socket of this RAS side.
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <grp.h>
#include <ras_admin/administration.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "mprapi/ask.h"
#include "ras/listener.h"

namespace berth::ras {
namespace {

constexpr DWORD kAll = 0xffffffff;

// NOLINTNEXTLINE(performance-no-int-to-ptr)
HANDLE handle(std::uintptr_t number) { return reinterpret_cast<HANDLE>(number); }

class ListenerTest : public ::testing::Test {
 public:
  ~ListenerTest() override {
    MprAdminServerDisconnect(server_);
    listener_.reset();
    std::filesystem::remove_all(folder_);
  }

 protected:
  ListenerTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "berth-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    socket_ = (folder_ / "ras.sock").string();
    setenv(mprapi::kSocketVariable, socket_.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    EXPECT_EQ(MprAdminServerConnect(nullptr, &server_), DWORD{NO_ERROR});
  }

  void listen() {
    auto opened = Listener::open(socket_, live_, hooks_);
    ASSERT_TRUE(opened) << opened.error().what;
    listener_ = *std::move(opened);
  }
  void connect_users(std::uint64_t count) {
    for (std::uint64_t i = 1; i <= count; ++i) {
      ConnectionFacts facts;
      facts.handle = Handle{i};
      facts.user = u"ana";
      LinkFacts link;
      link.port = Handle{1'000'000 + i};
      link.connection = facts.handle;
      live_.put(facts, {&link, 1});
    }
  }
  // A caller of another kind than the library.
  [[nodiscard]] int call_by_hand() const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket_.c_str(), socket_.size() + 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }

  std::filesystem::path folder_;
  std::string socket_;
  Live live_;
  Hooks hooks_;
  std::unique_ptr<Listener> listener_;
  MPR_SERVER_HANDLE server_ = nullptr;
};

TEST_F(ListenerTest, AllConnectionsComeInOneBufferHoweverManyThereAre) {
  connect_users(3000);
  listen();
  LPBYTE buffer = nullptr;
  DWORD read = 0;
  DWORD total = 0;
  DWORD resume = 0;
  ASSERT_EQ(MprAdminConnectionEnum(server_, 0, &buffer, kAll, &read, &total, &resume),
            DWORD{NO_ERROR});
  EXPECT_EQ(read, 3000U);
  EXPECT_EQ(total, 3000U);
  EXPECT_EQ(resume, 0U);
  RAS_CONNECTION_0 last;
  std::memcpy(&last, buffer + 2999 * sizeof last, sizeof last);
  EXPECT_EQ(last.hConnection, handle(3000));
  EXPECT_EQ(MprAdminBufferFree(buffer), DWORD{NO_ERROR});
}

TEST_F(ListenerTest, AFewAtATimeAreAllInTheEnd) {
  connect_users(7);
  listen();
  DWORD resume = 0;
  std::vector<DWORD> reads;
  DWORD code = ERROR_MORE_DATA;
  while (code == ERROR_MORE_DATA) {
    LPBYTE buffer = nullptr;
    DWORD read = 0;
    DWORD total = 0;
    code = MprAdminPortEnum(server_, 0, handle(UINTPTR_MAX), &buffer, 3 * sizeof(RAS_PORT_0), &read,
                            &total, &resume);
    EXPECT_EQ(total, 7U);
    reads.push_back(read);
    MprAdminBufferFree(buffer);
  }
  EXPECT_EQ(code, DWORD{NO_ERROR});
  EXPECT_EQ(reads, (std::vector<DWORD>{3, 3, 1}));
}

TEST_F(ListenerTest, NobodyConnectedIsNoErrorAndNoBuffer) {
  listen();
  MPRAPI_OBJECT_HEADER header = {1, MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT, 0};
  PRAS_CONNECTION_EX connections = nullptr;
  DWORD read = 1;
  DWORD total = 1;
  EXPECT_EQ(MprAdminConnectionEnumEx(server_, &header, kAll, &read, &total, &connections, nullptr),
            DWORD{NO_ERROR});
  EXPECT_EQ(read, 0U);
  EXPECT_EQ(total, 0U);
  EXPECT_EQ(connections, nullptr);
}

TEST_F(ListenerTest, R165OneConnectionAndItsPortAreRead) {
  connect_users(1);
  listen();
  RAS_CONNECTION_EX info = {};
  EXPECT_EQ(MprAdminConnectionGetInfoEx(server_, handle(1), &info), 87U) << "no header";
  info.Header = {1, MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT, 0};
  EXPECT_EQ(MprAdminConnectionGetInfoEx(server_, handle(1), &info), DWORD{NO_ERROR});
  EXPECT_EQ(info.hConnection, handle(1));
  EXPECT_EQ(info.wszUserName[0], RAS_TEXT('a'));
  EXPECT_EQ(info.Header.size, sizeof info);
  LPBYTE port = nullptr;
  ASSERT_EQ(MprAdminPortGetInfo(server_, 0, handle(1'000'001), &port), DWORD{NO_ERROR});
  RAS_PORT_0 zero;
  std::memcpy(&zero, port, sizeof zero);
  EXPECT_EQ(zero.hConnection, handle(1));
  MprAdminBufferFree(port);
  BOOL initialized = FALSE;
  EXPECT_EQ(MprAdminIsServiceInitialized(nullptr, &initialized), DWORD{NO_ERROR});
  EXPECT_TRUE(initialized);
  EXPECT_TRUE(MprAdminIsServiceRunning(nullptr));
}

TEST_F(ListenerTest, WhatCannotBeHasTheCodesOfWindows) {
  connect_users(1);
  listen();
  LPBYTE buffer = nullptr;
  DWORD read = 0;
  DWORD total = 0;
  const auto connections = [&](HANDLE server, DWORD level, LPBYTE* to) {
    return MprAdminConnectionEnum(server, level, to, kAll, &read, &total, nullptr);
  };
  EXPECT_EQ(connections(nullptr, 0, &buffer), 1702U);
  EXPECT_EQ(connections(handle(77'777), 0, &buffer), 1702U);
  EXPECT_EQ(connections(server_, 4, &buffer), 124U);
  EXPECT_EQ(connections(server_, 0, nullptr), 87U);
  EXPECT_EQ(MprAdminConnectionGetInfo(server_, 0, handle(9), &buffer), 906U);
  EXPECT_EQ(MprAdminConnectionGetInfo(server_, 4, handle(1), &buffer), 124U);
  EXPECT_EQ(MprAdminConnectionClearStats(server_, handle(9)), 906U);
  EXPECT_EQ(MprAdminConnectionClearStats(server_, handle(1)), DWORD{NO_ERROR});
  EXPECT_EQ(MprAdminConnectionRemoveQuarantine(server_, handle(1), FALSE), 1168U);
  EXPECT_EQ(MprAdminPortEnum(server_, 1, handle(1), &buffer, kAll, &read, &total, nullptr), 50U);
  EXPECT_EQ(MprAdminPortEnum(server_, 0, nullptr, &buffer, kAll, &read, &total, nullptr), 6U);
  EXPECT_EQ(MprAdminPortGetInfo(server_, 0, handle(9), &buffer), 601U);
  EXPECT_EQ(MprAdminPortDisconnect(server_, handle(9)), 601U);
  EXPECT_EQ(MprAdminPortDisconnect(server_, handle(1'000'001)), 50U) << "no hook";
  EXPECT_EQ(MprAdminPortReset(server_, handle(9)), 601U);
  EXPECT_EQ(MprAdminPortClearStats(server_, handle(9)), 601U);
  WCHAR text[] = RAS_TEXT("hello");
  EXPECT_EQ(MprAdminSendUserMessage(server_, handle(9), text), 906U);
  EXPECT_EQ(MprAdminSendUserMessage(server_, handle(1), text), 50U);
  EXPECT_EQ(MprAdminSendUserMessage(server_, handle(1), nullptr), 87U);
  RAS_UPDATE_CONNECTION update = {};
  EXPECT_EQ(MprAdminUpdateConnection(server_, handle(1), &update), 87U);
  update.Header = {1, MPRAPI_OBJECT_TYPE_UPDATE_CONNECTION_OBJECT, 0};
  EXPECT_EQ(MprAdminUpdateConnection(server_, handle(1), &update), 50U) << "it is no IKEv2";
  EXPECT_EQ(MprAdminServerGetInfo(server_, 1, &buffer), 124U);
  EXPECT_EQ(MprAdminServerConnect(text, &server_), 50U) << "another machine";
}

TEST_F(ListenerTest, UsersAreReadAndWrittenInMemoryOfTheCaller) {
  UserRights ana{.privilege = RASPRIV_DialinPrivilege, .phone_number = u"12"};
  hooks_.user = [&](const std::u16string& user) {
    return user == u"ana" ? std::optional(ana) : std::nullopt;
  };
  hooks_.set_user = [&](const std::u16string&, const UserRights& rights) {
    ana = rights;
    return NO_ERROR;
  };
  listen();
  RAS_USER_0 info = {};
  LPBYTE const memory = reinterpret_cast<LPBYTE>(&info);
  EXPECT_EQ(MprAdminUserGetInfo(nullptr, RAS_TEXT("ana"), 0, memory), DWORD{NO_ERROR});
  EXPECT_EQ(info.bfPrivilege, RASPRIV_DialinPrivilege);
  EXPECT_EQ(info.wszPhoneNumber[0], RAS_TEXT('1'));
  info.bfPrivilege = RASPRIV_NoCallback;
  EXPECT_EQ(MprAdminUserSetInfo(nullptr, RAS_TEXT("ana"), 0, memory), DWORD{NO_ERROR});
  EXPECT_EQ(ana.privilege, RASPRIV_NoCallback);
  EXPECT_EQ(MprAdminUserGetInfo(nullptr, RAS_TEXT("ben"), 0, memory), 1317U);
  EXPECT_EQ(MprAdminUserGetInfo(nullptr, RAS_TEXT("ana"), 2, memory), 124U);
  EXPECT_EQ(MprAdminUserGetInfo(nullptr, nullptr, 0, memory), 87U);
  EXPECT_EQ(MprAdminUserGetInfo(nullptr, RAS_TEXT("ana"), 0, nullptr), 87U);
}

TEST_F(ListenerTest, WithoutARasSideTheServiceDoesNotRun) {
  LPBYTE buffer = nullptr;
  EXPECT_EQ(MprAdminConnectionGetInfo(server_, 0, handle(1), &buffer), 903U);
  EXPECT_FALSE(MprAdminIsServiceRunning(nullptr));
  BOOL initialized = TRUE;
  EXPECT_EQ(MprAdminIsServiceInitialized(nullptr, &initialized), DWORD{NO_ERROR});
  EXPECT_FALSE(initialized);
}

TEST_F(ListenerTest, TextsAndNamesNeedNoRasSide) {
  LPWSTR text = nullptr;
  EXPECT_EQ(MprAdminGetErrorString(906, &text), DWORD{NO_ERROR});
  EXPECT_EQ(text[0], RAS_TEXT('T'));
  EXPECT_EQ(MprAdminBufferFree(text), DWORD{NO_ERROR});
  EXPECT_EQ(MprAdminGetErrorString(4711, &text), 317U);
  EXPECT_EQ(MprAdminBufferFree(nullptr), 87U);
  WCHAR found[UNCLEN + 1] = {};
  EXPECT_EQ(MprAdminGetPDCServer(nullptr, nullptr, found), 87U);
  EXPECT_EQ(MprAdminGetPDCServer(RAS_TEXT("CORP"), nullptr, found), 1355U);
  EXPECT_EQ(MprAdminGetPDCServer(nullptr, RAS_TEXT("localhost"), found), DWORD{NO_ERROR});
  EXPECT_EQ(found[1], RAS_TEXT('\\'));
}

// What another user of this machine is told, in a process of its own.
int code_for_another_user() {
  constexpr uid_t kNobody = 65534;
  const pid_t child = fork();
  if (child == 0) {
    if (setgroups(0, nullptr) != 0 || setresgid(kNobody, kNobody, kNobody) != 0 ||
        setresuid(kNobody, kNobody, kNobody) != 0) {
      _exit(255);
    }
    BOOL initialized = FALSE;
    _exit(static_cast<int>(MprAdminIsServiceInitialized(nullptr, &initialized)) +
          (MprAdminIsServiceRunning(nullptr) != FALSE ? 100 : 0) + (initialized != FALSE ? 50 : 0));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(ListenerTest, R132AnotherUserIsDenied) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  using std::filesystem::perms;
  std::filesystem::permissions(folder_, perms::owner_all | perms::others_exec);
  listen();
  EXPECT_EQ(code_for_another_user(), 5) << "the socket is its owner's";
  std::filesystem::permissions(socket_,
                               perms::owner_all | perms::others_read | perms::others_write);
  EXPECT_EQ(code_for_another_user(), 5) << "and who connects is looked at";
  EXPECT_TRUE(MprAdminIsServiceRunning(nullptr));
}

TEST_F(ListenerTest, WhoSaysNothingOrRubbishKeepsNobodyWaiting) {
  listen();
  const int silent = call_by_hand();
  const int rubbish = call_by_hand();
  const std::string bytes(100, '\xff');
  EXPECT_EQ(send(rubbish, bytes.data(), bytes.size(), MSG_NOSIGNAL), 100);
  EXPECT_TRUE(MprAdminIsServiceRunning(nullptr));
  char byte = 0;
  EXPECT_LE(recv(rubbish, &byte, 1, 0), 0) << "it is hung up on";
  EXPECT_EQ(recv(silent, &byte, 1, 0), 0) << "so is who says nothing, after a while";
  close(silent);
  close(rubbish);
}

TEST_F(ListenerTest, ManyAskAtOnce) {
  connect_users(5);
  listen();
  std::vector<std::thread> callers;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        LPBYTE buffer = nullptr;
        if (MprAdminConnectionGetInfo(server_, 3, handle(3), &buffer) == NO_ERROR) ++right;
        MprAdminBufferFree(buffer);
      }
    });
  }
  for (std::thread& each : callers) each.join();
  EXPECT_EQ(right, 8 * 50);
}

TEST_F(ListenerTest, ASocketOfTheDeadIsReplacedAndOneOfTheLivingIsNot) {
  listen();
  const auto second = Listener::open(socket_, live_, hooks_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("already"), std::string::npos);
  listener_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket_));
  const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.c_str(), socket_.size() + 1);
  ASSERT_EQ(bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  close(dead);
  listen();
  EXPECT_TRUE(MprAdminIsServiceRunning(nullptr));
}

}  // namespace
}  // namespace berth::ras
