### 控制台的中文文本。两个文件的消息与参数必须一致，由测试核对。

## The frame
nav-label = 页面
skip-to-content = 跳到正文
today = 今日
numbers = 号码
users = 人员
groups = 技能组
changes = 变更
settings = 设置
palette-open = 前往
palette-label = 任意号码、人员、技能组或页面
nothing-found = 没有找到
logout = 退出登录
shortcuts-off = 关闭单键快捷键
shortcuts-on = 开启单键快捷键
request-failed = 无法连接服务器，显示的内容可能已过时。
close = 关闭
cancel = 取消
save = 保存
saved = 已保存。
edit = 编辑
show = 查看
back = 返回
none = （无）
nobody = 无人
search = 搜索
action = 操作
preview = 预览
reason = 原因
name = 名称
what = 内容
why = 原因
from = 从
until = 至
otherwise = 或重新选择
today-now = 至今
role-Admin = 管理员
role-Manager = 组长
role-Agent = 坐席
role-Root = 主账号

## Logging in
login-title = 登录
login-intro = 呼叫中心的号码：谁在用，哪些空闲。
login-name = 登录名
login-password = 密码
login-submit = 登录
login-help = 还没有密码？管理员可以在控制台中您的页面上设置，或运行 numberd password set。
login-refused = 登录名或密码错误。
login-too-often = 失败次数过多，请稍候再试。
login-session-ended = 会话已结束。登录后，您确认即可重新提交刚才填写的内容。
login-cookie-lost = 密码正确，但浏览器没有保留会话：{ $host } 不是通过 HTTPS 访问的。请通过 HTTPS 打开控制台，或在服务器本机使用 http://127.0.0.1 或 http://localhost。
resend-title = 欢迎回来
resend-detail = 会话结束时您填写的内容已保留，尚未执行任何操作。
resend-submit = 重新提交
resend-drop = 放弃并重新开始
password-change = 修改密码
password-reset = 设置新密码
password-present = 当前密码
password-new = 新密码
password-again = 再次输入新密码
password-length = 8 至 64 个字符。
password-wrong = 当前密码错误。
password-differs = 两次输入的新密码不一致。
password-done = 密码已修改，其他会话已结束。

## Errors
error-home = 回到首页
error-request = 请求 { $id }
error-400 = 无法读取表单
error-403 = 没有权限
error-403-detail = 您在此呼叫中心的角色不允许此操作。
error-404 = 未找到
error-404-detail = 此地址没有页面。
error-409 = 与规则冲突
error-500 = 出错了
error-500-detail = 这是程序的故障，不是您的问题。没有任何更改。服务器日志中可按请求编号查到详情。
error-503 = 数据库暂时无法写入
error-origin = 此表单不是来自控制台
error-origin-detail = 它由其他页面发出，因此没有执行。请打开控制台重试。
error-no-instance = 没有呼叫中心
error-no-instance-detail = 您的登录尚不属于任何呼叫中心，请联系管理员添加。账号的第一个呼叫中心用 `numberd instances create ID` 创建。

## Numbers
number = 号码
state = 状态
holder = 持有者
since = 起始
since-label = 自
city = 城市
province = 省份
usage = 用途
tags = 标签
active = 可用
provider = 运营商
note = 备注
contact-flow = 联络流
contact_flow = 联络流
skill_group = 技能组
tag = 标签
callback-name = 回拨名称
usage-Inbound = 呼入
usage-Outbound = 呼出
usage-Bidirection = 双向
usage-standard = 按号码判断
state-free = 空闲
state-bound = 已绑定
state-personal = 个人
inactive = 停用
active-true = 在用
active-false = 停用
narrow = 筛选
filter-clear = 清除全部筛选
search-numbers = 搜索号码
too-many-words = 搜索最多 { $most } 个词，不能有 { $count } 个。
search-numbers-hint = 号码、人员、技能组、城市、标签……
numbers-found = { $count } 个号码
numbers-count = { $count } 个号码
numbers-none = 这里还没有号码，请先添加。
numbers-none-match = 没有符合的号码，请减少筛选条件或缩短搜索词。
export-csv = 导出 CSV
select-page = 选择本页
with-selected = 对所选号码
selected-template = 已选 0 个
all-matching = 全部 { $count } 个符合的号码
selection-clear = 清除
action-assign = 分配给
action-release = 收回
action-transfer = 转给
action-bind = 绑定到技能组
action-unbind = 解绑
to-whom = 人员
to-group = 技能组
pages = 列表分页
rows-shown = 第 { $first }–{ $last } 条，共 { $total } 条
page-back = 上一页
page-on = 下一页
page-of = 第 { $page } 页，共 { $pages } 页
what-to-do = 操作
who-had-it = 当时是谁在用？
who-had-it-on = 时间
nobody-then = 当时无人持有。
moment-wrong = “{ $value }”不是时间，请写成 2026-03-03 15:10。
timeline = 时间线
log-archived = 变更 1 至 { $last } 已移出日志并归档（最后一个文件：{ $file }），均早于
timeline-empty = 还没有记录。
given-by = 由 { $actor } 分配
taken-by = 由 { $actor } 收回
edit-number = 编辑 { $number }
tags-hint = 以空格分隔。
stale = 您填写期间，他人已做更改。您的输入已保留；现在保存将覆盖他们的更改：
add-numbers = 添加号码
add-label = 号码
add-hint = 每行一个，或写成号段 02855501000..02855501099。
add-none = 请至少输入一个号码。
add-too-many = { $count } 个号码超过一次可添加的数量，最多 { $most } 个。
add-would = 将添加 { $count } 个号码
add-apply = 添加 { $count } 个号码

## Preview and result
preview-assign = 将 { $count } 个号码分配给 { $target }
preview-release = 收回 { $count } 个号码
preview-transfer = 将 { $count } 个号码转给 { $target }
preview-bind = 将 { $count } 个号码绑定到 { $target }
preview-unbind = 解绑 { $count } 个号码
preview-done = { $count } 个将变更
preview-unchanged = { $count } 个无需变更
preview-refused = { $count } 个被拒绝
preview-stale = { $count ->
    [0] 所选内容已与您看到的不同。以下是现在的情况，尚未执行任何操作。
   *[other] 其中 { $count } 个号码在此期间已变更。以下是现在的情况，尚未执行任何操作。
}
preview-how = 其余的怎么办？
preview-all-or-nothing = 全部执行或全不执行
preview-best-effort = 只变更可以变更的 { $count } 个
preview-apply = 执行
preview-nothing = 不会有任何变更。
preview-hidden = 另有 { $count } 个
outcome = 结果
outcome-done = 将变更
outcome-unchanged = 无需变更
outcome-refused = 被拒绝
result-done = { $count ->
    [0] 没有变更
   *[other] 完成：{ $count } 项变更
}
preview-untried = 已试算前 { $tried } 个；其余 { $count } 个将分步执行，可随时查看进度。
run-running = 执行中
run-stopped = 已停止
run-ended = 已完成
run-done = 已完成 { $count } / { $total }
run-stop = 停止
run-continue = 继续
run-continue-best-effort = 跳过被拒绝的并继续
run-asked-to-stop = 已按要求停止。
why-number-not-found = 呼叫中心没有此号码。
why-user-not-found = 呼叫中心没有此人。
why-skill-group-not-found = 呼叫中心没有此技能组。
why-not-found = { $detail }
why-number-held-by-skill-group = 已绑定到 { $holders }
why-number-held-by-user = { $holders } 正在使用
why-number-held-already = 已经持有
why-holder-not-active = 该用户已归档或被锁定
why-number-not-held = 并未持有。
why-number-taken = 此号码在账号的其他地方。
why-number-has-contact-flow = 它有联络流。
why-not-a-number = 不是电话号码：2 至 32 个字符，可用数字、*、#、-、x 和开头的 +。
why-changed-since = { $detail }
why-still-in-use = { $detail }
why-already-exists = { $detail }
why-not-in-instance = { $detail }
why-extension-taken = { $detail }
why-service-number-is-inbound = 400 号码只能呼入。
why-contact-flow-needs-inbound = { $detail }
why-selected-number-not-held = { $detail }
why-history-is-kept = { $detail }
why-credential-not-undone = 凭证与密码不能撤销。
why-not-undoable = { $detail }
why-rule-broken = { $detail }
why-holder-is-not-active = { $detail }

## People
user = 人员
login = 登录名
role = 角色
role-any = 全部角色
extension = 分机
email = 邮箱
mobile = 手机
nickname = 昵称
display-id = 工号
work-mode = 工作方式
work-mode-ON-SITE = 现场
work-mode-OFF-SITE = 远程
work-mode-OFFICE-PHONE = 办公话机
archived = 已归档
locked = 已锁定
search-users = 姓名、登录名、分机、邮箱……
users-found = { $count } 人
users-none = 没有符合的人员。
add-user = 添加人员
login-name-hint = 英文字母、数字、点、连字符和下划线；以后不能更改。
edit-user = 编辑 { $name }
user-numbers = { $count ->
    [0] 没有号码
   *[other] { $count } 个号码
}
user-numbers-none = 此人还没有号码。
user-groups = 技能组
user-groups-none = 不在任何技能组。
level = { $level } 级
level-label = 级别
level-range = 级别为 1（最强）至 10 的数字。
take-back-selected = 收回所选
give-numbers = 分配号码
give-preview = 分配：预览
search-candidates = 号码的一部分
show-blocked = 同时显示不能分配的
candidates-none = 没有空闲号码。
candidates-none-match = 没有符合的可分配号码。
free-release = 收回
free-unbind = 解绑
leaver = 离职……
leaver-title = { $name } 离职
leaver-numbers = { $count ->
    [0] 没有号码。
   *[other] 持有 { $count } 个号码。
}
leaver-groups = { $count ->
    [0] 不在任何技能组。
   *[other] 属于 { $count } 个技能组。
}
leaver-to = 号码交给谁？
leaver-to-hint = 留空则号码变为空闲。
leaver-self = 号码不能交给离职者本人。
leaver-remove = 将此人移出呼叫中心
leaver-will-free = { $count } 个号码变为空闲
leaver-will-hand-over = { $count } 个号码交给 { $target }
leaver-will-remove = 移除 { $name }；登录与历史保留

## Groups
group = 技能组
members = 成员
short-name = 短名
short-name-hint = 它是编号的一部分，以后不能更改。
description = 说明
search-groups = 名称
groups-found = { $count } 个技能组
groups-none = 没有符合的技能组。
add-group = 添加技能组
group-numbers = { $count ->
    [0] 没有号码
   *[other] { $count } 个号码
}
group-numbers-none = 没有绑定号码。
group-members = { $count ->
    [0] 没有成员
   *[other] { $count } 名成员
}
group-members-none = 组内无人。
bind-more = 绑定号码……
unbind-selected = 解绑所选
member-add = 人员
member-add-button = 添加
member-remove = 移出所选
members-nobody = 请至少选择一人。

## Today and changes
free-by-city = 各城市的号码
as-table = 以表格显示
last-changes = 最近的变更
all-changes = 全部变更
changes-none = 没有变更。
request-title = 一次变更
actor = 操作人
via = 途径
via-any = 全部途径
via-console = 控制台
via-cli = 命令行
via-admin = 管理 API
via-ccc = 阿里云客户端
via-vcc = Vonage 客户端
via-sql = 手工编辑
deed-more = 另有 { $count } 项
deed-open = 详情
undo = 撤销……
undo-title = 撤销 { $count } 项变更？
undo-refused = 有 { $count } 项不能撤销，原因见旁。
undo-apply = 撤销 { $count } 项
change-personal-assignment-insert = { $number } 分配给 { $user }
change-personal-assignment-update = { $number } 从 { $user } 收回
change-skill-group-number-insert = { $number } 绑定到 { $group }
change-skill-group-number-delete = { $number } 从 { $group } 解绑
change-skill-group-member-insert = { $user } 加入 { $group }
change-skill-group-member-update = { $user } 在 { $group }：{ $fields }
change-skill-group-member-delete = { $user } 离开 { $group }
change-phone-number-insert = 添加号码 { $number }
change-phone-number-update = { $number }：{ $fields }
change-phone-number-delete = 移除号码 { $number }
change-user-insert = 添加 { $user }
change-user-update = { $user }：{ $fields }
change-user-delete = 移除 { $user }
change-skill-group-insert = 创建技能组 { $group }
change-skill-group-update = 技能组 { $group }：{ $fields }
change-skill-group-delete = 删除技能组 { $group }
change-instance-insert = 创建呼叫中心 { $name }
change-instance-update = 呼叫中心：{ $fields }
change-instance-delete = 移除呼叫中心 { $name }
change-contact-flow-insert = 创建联络流 { $name }
change-contact-flow-update = 联络流 { $name }：{ $fields }
change-contact-flow-delete = 删除联络流 { $name }
change-ram-user-insert = 创建登录 { $name }
change-ram-user-update = 登录 { $name }：{ $fields }
change-ram-user-delete = 移除登录 { $name }
change-access-key-insert = 创建 AccessKey { $name }
change-access-key-update = AccessKey { $name }：{ $fields }
change-access-key-delete = 移除 AccessKey { $name }
change-api-token-insert = 创建 API 令牌 { $name }
change-api-token-update = API 令牌 { $name }：{ $fields }
change-api-token-delete = 移除 API 令牌 { $name }
change-oauth-client-insert = 创建 OAuth2 客户端 { $name }
change-oauth-client-update = OAuth2 客户端 { $name }：{ $fields }
change-oauth-client-delete = 移除 OAuth2 客户端 { $name }
change-oauth-token-insert = 手工加入 { $name } 的 OAuth2 令牌
change-key-file-check-update = 更换密钥文件
change-key-file-check-delete = 不再记录密钥文件
change-change-archive-insert = 最早的变更已归档至 { $name }
column-usage = 用途
column-active = 在用
column-city = 城市
column-province = 省份
column-contact-flow-id = 联络流
column-provider = 运营商
column-note = 备注
column-corp-name = 企业
column-tags = 标签
column-callback-number-name = 回拨名称
column-display-name = 名称
column-role = 角色
column-nickname = 昵称
column-mobile = 手机
column-email = 邮箱
column-extension = 分机
column-display-id = 工号
column-work-mode = 工作方式
column-locked = 锁定
column-skill-level = 级别
column-name = 名称
column-description = 说明
column-media-type = 媒体
column-status = 状态
column-personal-numbers = 共享
column-country-code = 国家代码
column-instance-id = 呼叫中心
column-avatar-url = 头像
column-selected-callback-number-id = 默认回拨号码
column-prevent-auto-callback-number = 不自动选择回拨号码
column-revoked-at = 终止于
column-expires-at = 到期于
column-password-changed-at = 密码设置于

## Settings
instance-id = 编号
sharing = 个人号码
sharing-exclusive = 每个号码只归一人
sharing-shared = 一个号码可由多人持有
country-code = 不带国家代码的号码
country-code-none = 按原样看待
country-code-86 = 视为中国号码（+86）

## Keys
keys-title = 快捷键
key-search = 搜索
key-move = 上一行、下一行
key-select = 选择此行
key-range = 连续选择
key-open = 打开此行
key-give = 分配所选
key-take = 收回所选
key-bind = 绑定所选
key-delete = 收回的预览，不会直接执行
key-clear = 清除选择
key-palette = 前往任意处

## Kept numbers: holds and cool-downs
kept = 保留
kept-hold-one = 为 { $user } 预留
kept-hold-all = 预留
kept-cool-down-one = 冷却中，{ $user } 可取回
kept-cool-down-all = 冷却中
kept-by = 由 { $actor }
until-label = 至
action-hold = 预留给
action-end-reservation = 结束预留或冷却
hold-until = 预留至
hold-until-wrong = “{ $value }”不是将来的时间。请填写截止时间，例如 2026-03-03 15:10。
days-wrong = “{ $value }”不是 0 到 { $most } 之间的天数。
cool-down = 冷却
cool-down-days = 冷却天数
cool-down-is = { $count ->
    [0] 收回的号码立即空闲。
   *[other] 收回的号码为原持有人保留 { $count } 天。
}
cool-down-hint = 在此期间，收回的号码只能分配给原持有人。0 表示不冷却。
preview-hold = 为 { $target } 预留 { $count } 个号码
preview-hold-from-all = 预留 { $count } 个号码，不分配给任何人
preview-end-reservation = 结束 { $count } 个号码的预留或冷却
free-end-reservation = 结束
why-number-is-reserved = { $detail }
change-reservation-hold = { $number } 为 { $user } 预留
change-reservation-hold-all = { $number } 已预留
change-reservation-cool-down = { $number } 进入冷却
change-reservation-ended = { $number } 不再保留
change-reservation-again = { $number } 恢复保留
change-reservation-update = { $number } 保留：{ $fields }
column-until-at = 至
column-cool-down-days = 冷却天数
kept-numbers = 保留的号码
