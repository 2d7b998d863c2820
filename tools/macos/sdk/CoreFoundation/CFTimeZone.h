// The few declarations of macOS's CoreFoundation that Abseil's time zones use.
// The framework's own headers come with Xcode only.

#ifndef ISOPOLL_TOOLS_MACOS_SDK_COREFOUNDATION_CFTIMEZONE_H_
#define ISOPOLL_TOOLS_MACOS_SDK_COREFOUNDATION_CFTIMEZONE_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef long CFIndex;
typedef unsigned char Boolean;
typedef uint32_t CFStringEncoding;
typedef const void* CFTypeRef;
typedef const struct __CFString* CFStringRef;
typedef const struct __CFTimeZone* CFTimeZoneRef;

enum { kCFStringEncodingUTF8 = 0x08000100 };

void CFRelease(CFTypeRef object);
Boolean CFStringGetCString(CFStringRef string, char* buffer, CFIndex size,
                           CFStringEncoding encoding);
CFIndex CFStringGetLength(CFStringRef string);
CFIndex CFStringGetMaximumSizeForEncoding(CFIndex length,
                                          CFStringEncoding encoding);
CFTimeZoneRef CFTimeZoneCopyDefault(void);
CFStringRef CFTimeZoneGetName(CFTimeZoneRef zone);

#ifdef __cplusplus
}
#endif

#endif  // ISOPOLL_TOOLS_MACOS_SDK_COREFOUNDATION_CFTIMEZONE_H_
