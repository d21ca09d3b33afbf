-- The sample call centre: two instances, their users, skill groups and some 200 numbers, and half a year of history.
-- `numberd seed` and `numberd demo` load it, the tests work on it, and so can a person:
--     cat migrations/V*.sql | sqlite3 -bail sample.db && sqlite3 -bail sample.db < seed.sql
-- It holds no credentials. It can be loaded once: a second time every statement meets its own rows and is refused.
-- Every id and time is fixed, so that replies made from it can be compared. Times are UTC, in milliseconds; a comment says the date.
-- Apart from the vendors' samples, people and numbers are made up: 5550 follows the area code, mobiles are masked, addresses end in example.com.

-- Logins ----------------------------------------------------------------------------------------------------------------

-- Created on 2026-01-05 at 02:00. The root, whose ram_id is the account's AliyunUid, is the user of the vendor's sample page.
INSERT INTO ram_user (ram_id, login_name, display_name, email, mobile, is_root, created_at) VALUES
    ('1571234567890123', 'user-test',     '云呼测试1',      '18866668888@163.com',       '138xxxx2114', 1, 1767578400000),
    ('2000000000000001', 'zhangwei',      '张伟',           'zhangwei@example.com',      '139xxxx0001', 0, 1767578400000),
    ('2000000000000002', 'lina',          '李娜',           'lina@example.com',          '139xxxx0002', 0, 1767578400000),
    ('2000000000000003', 'wangfang',      '王芳',           'wangfang@example.com',      '139xxxx0003', 0, 1767578400000),
    ('2000000000000004', 'liuyang',       '刘洋',           'liuyang@example.com',       '139xxxx0004', 0, 1767578400000),
    ('2000000000000005', 'chenjing',      '陈静',           'chenjing@example.com',      '139xxxx0005', 0, 1767578400000),
    ('2000000000000006', 'yangmin',       '杨敏',           'yangmin@example.com',       '139xxxx0006', 0, 1767578400000),
    ('2000000000000007', 'zhaolei',       '赵磊',           'zhaolei@example.com',       '139xxxx0007', 0, 1767578400000),
    ('2000000000000008', 'huangting',     '黄婷',           'huangting@example.com',     '139xxxx0008', 0, 1767578400000),
    ('2000000000000009', 'zhoujie',       '周杰',           'zhoujie@example.com',       '139xxxx0009', 0, 1767578400000),
    ('2000000000000010', 'wuxia',         '吴霞',           'wuxia@example.com',         '139xxxx0010', 0, 1767578400000),
    ('3000000000000001', 'ewawisniewska', 'Ewa Wiśniewska', 'ewawisniewska@example.com', '',            0, 1767578400000),
    ('3000000000000002', 'annakowalska',  'Anna Kowalska',  'annakowalska@example.com',  '',            0, 1767578400000),
    ('3000000000000003', 'tomaszlis',     'Tomasz Lis',     'tomaszlis@example.com',     '',            0, 1767578400000),
    ('3000000000000004', 'marysmith',     'Mary Smith',     'marysmith@example.com',     '',            0, 1767578400000),
    ('3000000000000005', 'jamesgreen',    'James Green',    'jamesgreen@example.com',    '',            0, 1767578400000),
    ('3000000000000006', 'piotrwrona',    'Piotr Wrona',    'piotrwrona@example.com',    '',            0, 1767578400000),
    ('4000000000000001', 'xufei',         '徐飞',           'xufei@example.com',         '139xxxx0099', 0, 1767578400000);
-- xufei is a user of no instance: whatever they ask for does not exist.

-- Instances -------------------------------------------------------------------------------------------------------------

-- Created on 2026-01-05 at 02:00. The second is a VCC account, where several users may hold one callback number.
-- Only the first reads its numbers as China's, so that 13800001234 and +8613800001234 are one.
INSERT INTO instance (instance_id, name, description, personal_numbers, country_code, created_at) VALUES
    ('ccc-test', '云呼测试实例',     '测试实例',                     'exclusive', '86', 1767578400000),
    ('vcc-test', 'Callback numbers', 'The account of the VCC pages', 'shared',    '',   1767578400000);

-- What happens to an incoming call. The first id is the vendor's sample, the last two flows are of the other kinds.
INSERT INTO contact_flow (contact_flow_id, instance_id, name, description, type, draft_id, editor, created_at, updated_at) VALUES
    ('a3fb6c62-9b49-4942-ae5b-cf2abd4123ek', 'ccc-test', '主流程',     '欢迎语、按键分流、转技能组', 'MAIN_FLOW',   'd2000000-0000-4000-a000-000000000001', 'user-test@ccc-test', 1767578400000, 1767578400000),
    ('b1d7f0a4-0f3e-4c55-9a56-6f0c2b7e8d01', 'ccc-test', '服务热线',   '400 号码的导航',             'MAIN_FLOW',   'd2000000-0000-4000-a000-000000000002', 'user-test@ccc-test', 1767578400000, 1767578400000),
    ('b1d7f0a4-0f3e-4c55-9a56-6f0c2b7e8d02', 'ccc-test', '夜间值守',   '非工作时间留言',             'SUB_FLOW',    'd2000000-0000-4000-a000-000000000003', 'user-test@ccc-test', 1767578400000, 1767578400000),
    ('b1d7f0a4-0f3e-4c55-9a56-6f0c2b7e8d03', 'ccc-test', '满意度调查', '通话结束后的评分',           'SURVEY_FLOW', 'd2000000-0000-4000-a000-000000000004', 'user-test@ccc-test', 1767578400000, 1767578400000);

-- Users: a login's place in an instance ---------------------------------------------------------------------------------

-- Created on 2026-01-05 at 02:30. wuxia has left and is archived.
INSERT INTO user (user_id, instance_id, ram_id, role, extension, display_name, email, mobile, display_id, work_mode, active, user_guid, created_at) VALUES
    ('user-test@ccc-test', 'ccc-test', '1571234567890123', 'Admin',   '80326034', '云呼测试1', '18866668888@163.com',   '138xxxx2114', '1001', 'ON_SITE',      1, 'e0000000-0000-4000-a000-000000001001', 1767580200000),
    ('zhangwei@ccc-test',  'ccc-test', '2000000000000001', 'Manager', '80326035', '张伟',      'zhangwei@example.com',  '139xxxx0001', '1002', 'ON_SITE',      1, 'e0000000-0000-4000-a000-000000001002', 1767580200000),
    ('lina@ccc-test',      'ccc-test', '2000000000000002', 'Manager', '80326036', '李娜',      'lina@example.com',      '139xxxx0002', '1003', 'ON_SITE',      1, 'e0000000-0000-4000-a000-000000001003', 1767580200000),
    ('wangfang@ccc-test',  'ccc-test', '2000000000000003', 'Agent',   '80326037', '王芳',      'wangfang@example.com',  '139xxxx0003', '1004', 'ON_SITE',      1, 'e0000000-0000-4000-a000-000000001004', 1767580200000),
    ('liuyang@ccc-test',   'ccc-test', '2000000000000004', 'Agent',   '80326038', '刘洋',      'liuyang@example.com',   '139xxxx0004', '1005', 'ON_SITE',      1, 'e0000000-0000-4000-a000-000000001005', 1767580200000),
    ('chenjing@ccc-test',  'ccc-test', '2000000000000005', 'Agent',   '80326039', '陈静',      'chenjing@example.com',  '139xxxx0005', '1006', 'OFF_SITE',     1, 'e0000000-0000-4000-a000-000000001006', 1767580200000),
    ('yangmin@ccc-test',   'ccc-test', '2000000000000006', 'Agent',   '80326040', '杨敏',      'yangmin@example.com',   '139xxxx0006', '1007', 'ON_SITE',      1, 'e0000000-0000-4000-a000-000000001007', 1767580200000),
    ('zhaolei@ccc-test',   'ccc-test', '2000000000000007', 'Agent',   '80326041', '赵磊',      'zhaolei@example.com',   '139xxxx0007', '1008', 'ON_SITE',      1, 'e0000000-0000-4000-a000-000000001008', 1767580200000),
    ('huangting@ccc-test', 'ccc-test', '2000000000000008', 'Agent',   '80326042', '黄婷',      'huangting@example.com', '139xxxx0008', '1009', 'OFF_SITE',     1, 'e0000000-0000-4000-a000-000000001009', 1767580200000),
    ('zhoujie@ccc-test',   'ccc-test', '2000000000000009', 'Agent',   '80326043', '周杰',      'zhoujie@example.com',   '139xxxx0009', '1010', 'OFFICE_PHONE', 1, 'e0000000-0000-4000-a000-000000001010', 1767580200000),
    ('wuxia@ccc-test',     'ccc-test', '2000000000000010', 'Agent',   '80326044', '吴霞',      'wuxia@example.com',     '139xxxx0010', '1011', 'ON_SITE',      0, 'e0000000-0000-4000-a000-000000001011', 1767580200000);

-- The agent 9876 and their GUID are those of the sample reply, the GUID after it is that of the sample request; zhangwei is in both instances.
-- piotrwrona has left and is archived.
INSERT INTO user (user_id, instance_id, ram_id, role, extension, display_name, email, display_id, work_mode, active, user_guid, created_at) VALUES
    ('ewawisniewska@vcc-test', 'vcc-test', '3000000000000001', 'Admin',   '9001', 'Ewa Wiśniewska', 'ewawisniewska@example.com', '9001', 'ON_SITE', 1, 'e0000000-0000-4000-a000-000000009001', 1767580200000),
    ('annakowalska@vcc-test',  'vcc-test', '3000000000000002', 'Agent',   '9876', 'Anna Kowalska',  'annakowalska@example.com',  '9876', 'ON_SITE', 1, '2f9207ca-8922-4245-bfc5-d8f42939e29a', 1767580200000),
    ('tomaszlis@vcc-test',     'vcc-test', '3000000000000003', 'Agent',   '9877', 'Tomasz Lis',     'tomaszlis@example.com',     '9877', 'ON_SITE', 1, '8e22b1fe-d2ea-403d-8c03-50eb21188e79', 1767580200000),
    ('marysmith@vcc-test',     'vcc-test', '3000000000000004', 'Manager', '9878', 'Mary Smith',     'marysmith@example.com',     '9878', 'ON_SITE', 1, 'e0000000-0000-4000-a000-000000009878', 1767580200000),
    ('jamesgreen@vcc-test',    'vcc-test', '3000000000000005', 'Agent',   '9879', 'James Green',    'jamesgreen@example.com',    '9879', 'ON_SITE', 1, 'e0000000-0000-4000-a000-000000009879', 1767580200000),
    ('piotrwrona@vcc-test',    'vcc-test', '3000000000000006', 'Agent',   '9880', 'Piotr Wrona',    'piotrwrona@example.com',    '9880', 'ON_SITE', 0, 'e0000000-0000-4000-a000-000000009880', 1767580200000),
    ('zhangwei@vcc-test',      'vcc-test', '2000000000000001', 'Agent',   '9881', '张伟',           'zhangwei@example.com',      '9881', 'ON_SITE', 1, 'e0000000-0000-4000-a000-000000009881', 1767580200000);

-- Skill groups and their members ----------------------------------------------------------------------------------------

-- Created on 2026-01-05 at 03:00. `test` is the vendor's sample: two members and one number. Nobody has bound a number to `night` yet.
INSERT INTO skill_group (skill_group_id, instance_id, name, display_name, description, skill_group_guid, created_at) VALUES
    ('test@ccc-test',    'ccc-test', 'test',    '测试技能组', '测试',                          'f0000000-0000-4000-a000-000000000001', 1767582000000),
    ('sales@ccc-test',   'ccc-test', 'sales',   '销售组',     '北京与上海的外呼',              'f0000000-0000-4000-a000-000000000002', 1767582000000),
    ('support@ccc-test', 'ccc-test', 'support', '售后支持组', '服务热线与广州',                'f0000000-0000-4000-a000-000000000003', 1767582000000),
    ('returns@ccc-test', 'ccc-test', 'returns', '回访组',     '深圳回访',                      'f0000000-0000-4000-a000-000000000004', 1767582000000),
    ('night@ccc-test',   'ccc-test', 'night',   '夜间组',     '夜间值守',                      'f0000000-0000-4000-a000-000000000005', 1767582000000),
    ('support@vcc-test', 'vcc-test', 'support', 'Support',    'Callbacks of the support team', 'f0000000-0000-4000-a000-000000000006', 1767582000000);

INSERT INTO skill_group_member (skill_group_id, user_id, instance_id, skill_level, added_at) VALUES
    ('test@ccc-test',    'wangfang@ccc-test',   'ccc-test', 5,  1767582000000),
    ('test@ccc-test',    'liuyang@ccc-test',    'ccc-test', 5,  1767582000000),
    ('sales@ccc-test',   'zhangwei@ccc-test',   'ccc-test', 1,  1767582000000),
    ('sales@ccc-test',   'wangfang@ccc-test',   'ccc-test', 3,  1767582000000),
    ('sales@ccc-test',   'chenjing@ccc-test',   'ccc-test', 4,  1767582000000),
    ('sales@ccc-test',   'yangmin@ccc-test',    'ccc-test', 6,  1767582000000),
    ('support@ccc-test', 'lina@ccc-test',       'ccc-test', 1,  1767582000000),
    ('support@ccc-test', 'zhaolei@ccc-test',    'ccc-test', 2,  1767582000000),
    ('support@ccc-test', 'huangting@ccc-test',  'ccc-test', 5,  1767582000000),
    ('support@ccc-test', 'zhoujie@ccc-test',    'ccc-test', 7,  1767582000000),
    ('returns@ccc-test', 'lina@ccc-test',       'ccc-test', 2,  1767582000000),
    ('returns@ccc-test', 'huangting@ccc-test',  'ccc-test', 3,  1767582000000),
    ('night@ccc-test',   'zhoujie@ccc-test',    'ccc-test', 10, 1767582000000),
    ('support@vcc-test', 'marysmith@vcc-test',  'vcc-test', 1,  1767582000000),
    ('support@vcc-test', 'jamesgreen@vcc-test', 'vcc-test', 5,  1767582000000);

-- Numbers of ccc-test ---------------------------------------------------------------------------------------------------

-- The vendor's sample, masked as on its page. Bought on 2026-01-05 at 04:00, as all of these.
INSERT INTO phone_number (instance_id, number, usage, province, city, contact_flow_id, provider, corp_name, callback_number_id, created_at) VALUES
    ('ccc-test', '083xxxx0011', 'Bidirection', '四川', '乐山', 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek', '中国电信', '云呼测试有限公司', 'c0000000-0000-4000-a000-083000000011', 1767585600000);

-- City by city: number, usage, active, contact flow. The GUID of each is made of its number.
-- 成都 (028)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '四川', '成都', '中国电信', '["自有","长期"]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('02855500001', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('02855500002', 'Bidirection', 1, NULL), ('02855500003', 'Outbound', 1, NULL), ('02855500004', 'Bidirection', 0, NULL), ('02855500005', 'Inbound', 1, NULL),
    ('02855500006', 'Bidirection', 1, NULL), ('02855500007', 'Bidirection', 1, NULL),
    ('02855500008', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('02855500009', 'Bidirection', 1, NULL), ('02855500010', 'Outbound', 1, NULL), ('02855500011', 'Bidirection', 1, NULL), ('02855500012', 'Bidirection', 1, NULL),
    ('02855500013', 'Bidirection', 0, NULL), ('02855500014', 'Bidirection', 1, NULL), ('02855500015', 'Bidirection', 1, NULL), ('02855500016', 'Inbound', 1, NULL),
    ('02855500017', 'Outbound', 1, NULL), ('02855500018', 'Bidirection', 1, NULL), ('02855500019', 'Bidirection', 1, NULL), ('02855500020', 'Bidirection', 1, NULL),
    ('02855500021', 'Bidirection', 1, NULL), ('02855500022', 'Bidirection', 0, NULL), ('02855500023', 'Bidirection', 1, NULL), ('02855500024', 'Outbound', 1, NULL),
    ('02855500025', 'Bidirection', 1, NULL), ('02855500026', 'Bidirection', 1, NULL), ('02855500027', 'Inbound', 1, NULL), ('02855500028', 'Bidirection', 1, NULL),
    ('02855500029', 'Bidirection', 1, NULL), ('02855500030', 'Bidirection', 1, NULL));

-- 乐山 (0833)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '四川', '乐山', '中国电信', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('08335550001', 'Bidirection', 1, NULL), ('08335550002', 'Bidirection', 1, NULL), ('08335550003', 'Outbound', 1, NULL), ('08335550004', 'Bidirection', 0, NULL),
    ('08335550005', 'Inbound', 1, NULL), ('08335550006', 'Bidirection', 1, NULL), ('08335550007', 'Bidirection', 1, NULL), ('08335550008', 'Bidirection', 1, NULL),
    ('08335550009', 'Bidirection', 1, NULL), ('08335550010', 'Outbound', 1, NULL), ('08335550011', 'Bidirection', 1, NULL), ('08335550012', 'Bidirection', 1, NULL));

-- 北京 (010)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '北京', '北京', '中国联通', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('01055500001', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('01055500002', 'Bidirection', 1, NULL), ('01055500003', 'Outbound', 1, NULL), ('01055500004', 'Bidirection', 0, NULL), ('01055500005', 'Inbound', 1, NULL),
    ('01055500006', 'Bidirection', 1, NULL), ('01055500007', 'Bidirection', 1, NULL),
    ('01055500008', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('01055500009', 'Bidirection', 1, NULL), ('01055500010', 'Outbound', 1, NULL), ('01055500011', 'Bidirection', 1, NULL), ('01055500012', 'Bidirection', 1, NULL),
    ('01055500013', 'Bidirection', 0, NULL), ('01055500014', 'Bidirection', 1, NULL), ('01055500015', 'Bidirection', 1, NULL), ('01055500016', 'Inbound', 1, NULL),
    ('01055500017', 'Outbound', 1, NULL), ('01055500018', 'Bidirection', 1, NULL), ('01055500019', 'Bidirection', 1, NULL), ('01055500020', 'Bidirection', 1, NULL),
    ('01055500021', 'Bidirection', 1, NULL), ('01055500022', 'Bidirection', 0, NULL), ('01055500023', 'Bidirection', 1, NULL), ('01055500024', 'Outbound', 1, NULL),
    ('01055500025', 'Bidirection', 1, NULL), ('01055500026', 'Bidirection', 1, NULL), ('01055500027', 'Inbound', 1, NULL), ('01055500028', 'Bidirection', 1, NULL));

-- 上海 (021)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '上海', '上海', '中国电信', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('02155500001', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('02155500002', 'Bidirection', 1, NULL), ('02155500003', 'Outbound', 1, NULL), ('02155500004', 'Bidirection', 0, NULL), ('02155500005', 'Inbound', 1, NULL),
    ('02155500006', 'Bidirection', 1, NULL), ('02155500007', 'Bidirection', 1, NULL),
    ('02155500008', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('02155500009', 'Bidirection', 1, NULL), ('02155500010', 'Outbound', 1, NULL), ('02155500011', 'Bidirection', 1, NULL), ('02155500012', 'Bidirection', 1, NULL),
    ('02155500013', 'Bidirection', 0, NULL), ('02155500014', 'Bidirection', 1, NULL), ('02155500015', 'Bidirection', 1, NULL), ('02155500016', 'Inbound', 1, NULL),
    ('02155500017', 'Outbound', 1, NULL), ('02155500018', 'Bidirection', 1, NULL), ('02155500019', 'Bidirection', 1, NULL), ('02155500020', 'Bidirection', 1, NULL),
    ('02155500021', 'Bidirection', 1, NULL), ('02155500022', 'Bidirection', 0, NULL), ('02155500023', 'Bidirection', 1, NULL), ('02155500024', 'Outbound', 1, NULL),
    ('02155500025', 'Bidirection', 1, NULL), ('02155500026', 'Bidirection', 1, NULL), ('02155500027', 'Inbound', 1, NULL), ('02155500028', 'Bidirection', 1, NULL));

-- 广州 (020)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '广东', '广州', '中国移动', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('02055500001', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('02055500002', 'Bidirection', 1, NULL), ('02055500003', 'Outbound', 1, NULL), ('02055500004', 'Bidirection', 0, NULL), ('02055500005', 'Inbound', 1, NULL),
    ('02055500006', 'Bidirection', 1, NULL), ('02055500007', 'Bidirection', 1, NULL),
    ('02055500008', 'Bidirection', 1, 'a3fb6c62-9b49-4942-ae5b-cf2abd4123ek'),
    ('02055500009', 'Bidirection', 1, NULL), ('02055500010', 'Outbound', 1, NULL), ('02055500011', 'Bidirection', 1, NULL), ('02055500012', 'Bidirection', 1, NULL),
    ('02055500013', 'Bidirection', 0, NULL), ('02055500014', 'Bidirection', 1, NULL), ('02055500015', 'Bidirection', 1, NULL), ('02055500016', 'Inbound', 1, NULL),
    ('02055500017', 'Outbound', 1, NULL), ('02055500018', 'Bidirection', 1, NULL), ('02055500019', 'Bidirection', 1, NULL), ('02055500020', 'Bidirection', 1, NULL),
    ('02055500021', 'Bidirection', 1, NULL), ('02055500022', 'Bidirection', 0, NULL), ('02055500023', 'Bidirection', 1, NULL), ('02055500024', 'Outbound', 1, NULL));

-- 深圳 (0755)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '广东', '深圳', '中国移动', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('075555500001', 'Bidirection', 1, NULL), ('075555500002', 'Bidirection', 1, NULL), ('075555500003', 'Outbound', 1, NULL), ('075555500004', 'Bidirection', 0, NULL),
    ('075555500005', 'Inbound', 1, NULL), ('075555500006', 'Bidirection', 1, NULL), ('075555500007', 'Bidirection', 1, NULL), ('075555500008', 'Bidirection', 1, NULL),
    ('075555500009', 'Bidirection', 1, NULL), ('075555500010', 'Outbound', 1, NULL), ('075555500011', 'Bidirection', 1, NULL), ('075555500012', 'Bidirection', 1, NULL),
    ('075555500013', 'Bidirection', 0, NULL), ('075555500014', 'Bidirection', 1, NULL), ('075555500015', 'Bidirection', 1, NULL), ('075555500016', 'Inbound', 1, NULL),
    ('075555500017', 'Outbound', 1, NULL), ('075555500018', 'Bidirection', 1, NULL), ('075555500019', 'Bidirection', 1, NULL), ('075555500020', 'Bidirection', 1, NULL),
    ('075555500021', 'Bidirection', 1, NULL), ('075555500022', 'Bidirection', 0, NULL), ('075555500023', 'Bidirection', 1, NULL), ('075555500024', 'Outbound', 1, NULL));

-- 杭州 (0571)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '浙江', '杭州', '中国电信', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('057155500001', 'Bidirection', 1, NULL), ('057155500002', 'Bidirection', 1, NULL), ('057155500003', 'Outbound', 1, NULL), ('057155500004', 'Bidirection', 0, NULL),
    ('057155500005', 'Inbound', 1, NULL), ('057155500006', 'Bidirection', 1, NULL), ('057155500007', 'Bidirection', 1, NULL), ('057155500008', 'Bidirection', 1, NULL),
    ('057155500009', 'Bidirection', 1, NULL), ('057155500010', 'Outbound', 1, NULL), ('057155500011', 'Bidirection', 1, NULL), ('057155500012', 'Bidirection', 1, NULL),
    ('057155500013', 'Bidirection', 0, NULL), ('057155500014', 'Bidirection', 1, NULL), ('057155500015', 'Bidirection', 1, NULL), ('057155500016', 'Inbound', 1, NULL),
    ('057155500017', 'Outbound', 1, NULL), ('057155500018', 'Bidirection', 1, NULL), ('057155500019', 'Bidirection', 1, NULL), ('057155500020', 'Bidirection', 1, NULL));

-- 武汉 (027)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '湖北', '武汉', '中国联通', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('02755500001', 'Bidirection', 1, NULL), ('02755500002', 'Bidirection', 1, NULL), ('02755500003', 'Outbound', 1, NULL), ('02755500004', 'Bidirection', 0, NULL),
    ('02755500005', 'Inbound', 1, NULL), ('02755500006', 'Bidirection', 1, NULL), ('02755500007', 'Bidirection', 1, NULL), ('02755500008', 'Bidirection', 1, NULL),
    ('02755500009', 'Bidirection', 1, NULL), ('02755500010', 'Outbound', 1, NULL), ('02755500011', 'Bidirection', 1, NULL), ('02755500012', 'Bidirection', 1, NULL),
    ('02755500013', 'Bidirection', 0, NULL), ('02755500014', 'Bidirection', 1, NULL), ('02755500015', 'Bidirection', 1, NULL), ('02755500016', 'Inbound', 1, NULL));

-- 西安 (029)
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '陕西', '西安', '中国电信', '[]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('02955500001', 'Bidirection', 1, NULL), ('02955500002', 'Bidirection', 1, NULL), ('02955500003', 'Outbound', 1, NULL), ('02955500004', 'Bidirection', 0, NULL),
    ('02955500005', 'Inbound', 1, NULL), ('02955500006', 'Bidirection', 1, NULL), ('02955500007', 'Bidirection', 1, NULL), ('02955500008', 'Bidirection', 1, NULL),
    ('02955500009', 'Bidirection', 1, NULL), ('02955500010', 'Outbound', 1, NULL), ('02955500011', 'Bidirection', 1, NULL), ('02955500012', 'Bidirection', 1, NULL),
    ('02955500013', 'Bidirection', 0, NULL), ('02955500014', 'Bidirection', 1, NULL));

-- Service numbers: 400 and seven digits more, of no city; the schema wants them Inbound.
INSERT INTO phone_number (instance_id, province, city, provider, tags, created_at, callback_number_id, number, usage, active, contact_flow_id)
SELECT 'ccc-test', '', '', '中国电信', '["服务热线"]', 1767585600000, 'c0000000-0000-4000-a000-' || substr('00' || column1, -12), * FROM (VALUES
    ('4005550001', 'Inbound', 1, 'b1d7f0a4-0f3e-4c55-9a56-6f0c2b7e8d01'),
    ('4005550002', 'Inbound', 1, 'b1d7f0a4-0f3e-4c55-9a56-6f0c2b7e8d01'),
    ('4005550003', 'Inbound', 1, 'b1d7f0a4-0f3e-4c55-9a56-6f0c2b7e8d01'),
    ('4005550004', 'Inbound', 1, 'b1d7f0a4-0f3e-4c55-9a56-6f0c2b7e8d01'),
    ('4005550005', 'Inbound', 1, NULL), ('4005550006', 'Inbound', 1, NULL), ('4005550007', 'Inbound', 1, NULL), ('4005550008', 'Inbound', 0, NULL));

-- The account's pool: bought on 2026-04-02 at 02:00, and still in no instance.
INSERT INTO phone_number (number, usage, active, province, city, provider, callback_number_id, created_at) VALUES
    ('02555500001', 'Bidirection', 1, '江苏', '南京', '中国电信', 'c0000000-0000-4000-a000-002555500001', 1775095200000),
    ('02555500002', 'Bidirection', 1, '江苏', '南京', '中国电信', 'c0000000-0000-4000-a000-002555500002', 1775095200000),
    ('02555500003', 'Bidirection', 1, '江苏', '南京', '中国电信', 'c0000000-0000-4000-a000-002555500003', 1775095200000),
    ('02555500004', 'Bidirection', 1, '江苏', '南京', '中国电信', 'c0000000-0000-4000-a000-002555500004', 1775095200000),
    ('02555500005', 'Bidirection', 1, '江苏', '南京', '中国电信', 'c0000000-0000-4000-a000-002555500005', 1775095200000),
    ('02555500006', 'Bidirection', 1, '江苏', '南京', '中国电信', 'c0000000-0000-4000-a000-002555500006', 1775095200000),
    ('02255500001', 'Outbound',    1, '天津', '天津', '中国联通', 'c0000000-0000-4000-a000-002255500001', 1775095200000),
    ('02255500002', 'Outbound',    1, '天津', '天津', '中国联通', 'c0000000-0000-4000-a000-002255500002', 1775095200000),
    ('02255500003', 'Outbound',    1, '天津', '天津', '中国联通', 'c0000000-0000-4000-a000-002255500003', 1775095200000),
    ('02355500001', 'Inbound',     0, '重庆', '重庆', '中国移动', 'c0000000-0000-4000-a000-002355500001', 1775095200000),
    ('02355500002', 'Bidirection', 1, '重庆', '重庆', '中国移动', 'c0000000-0000-4000-a000-002355500002', 1775095200000),
    ('4005559001',  'Inbound',     1, '',     '',     '中国电信', 'c0000000-0000-4000-a000-004005559001', 1775095200000);

-- What skill groups hold ------------------------------------------------------------------------------------------------

-- Bound on 2026-01-06 at 01:00. One number of Shanghai serves two groups, one of Beijing is out of service.
INSERT INTO skill_group_number (skill_group_id, number, instance_id, bound_at)
SELECT column1, column2, 'ccc-test', 1767661200000 FROM (VALUES
    ('test@ccc-test', '02855500001'), ('sales@ccc-test', '01055500001'), ('sales@ccc-test', '01055500002'),
    ('sales@ccc-test', '01055500003'), ('sales@ccc-test', '01055500004'), ('sales@ccc-test', '01055500005'),
    ('sales@ccc-test', '01055500006'), ('sales@ccc-test', '01055500007'), ('sales@ccc-test', '01055500008'),
    ('sales@ccc-test', '01055500009'), ('sales@ccc-test', '01055500010'), ('sales@ccc-test', '02155500001'),
    ('sales@ccc-test', '02155500002'), ('sales@ccc-test', '02155500003'), ('sales@ccc-test', '02155500004'),
    ('sales@ccc-test', '02155500005'), ('sales@ccc-test', '02155500006'), ('sales@ccc-test', '02155500007'),
    ('sales@ccc-test', '02155500008'), ('support@ccc-test', '02155500001'), ('support@ccc-test', '4005550001'),
    ('support@ccc-test', '4005550002'), ('support@ccc-test', '4005550003'), ('support@ccc-test', '4005550004'),
    ('support@ccc-test', '02055500001'), ('support@ccc-test', '02055500002'), ('support@ccc-test', '02055500003'),
    ('support@ccc-test', '02055500004'), ('support@ccc-test', '02055500005'), ('support@ccc-test', '02055500006'),
    ('returns@ccc-test', '075555500001'), ('returns@ccc-test', '075555500002'), ('returns@ccc-test', '075555500003'),
    ('returns@ccc-test', '075555500004'), ('returns@ccc-test', '075555500005'), ('returns@ccc-test', '075555500006'));

-- What users hold, and what they held -----------------------------------------------------------------------------------

-- Closed rows first: who had a number before. maqiang and their number are gone, their history stays.
INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id, assigned_at, released_at) VALUES
    (1, 'ccc-test', '083xxxx0011',  'wangfang@ccc-test', 1767661200000, 1770714000000),  -- 2026-01-06 01:00 to 2026-02-10 09:00
    (2, 'ccc-test', '083xxxx0011',  'liuyang@ccc-test',  1770714300000, 1774000800000),  -- 2026-02-10 09:05 to 2026-03-20 10:00
    (3, 'ccc-test', '02855500010',  'wuxia@ccc-test',    1767661200000, 1774605600000),  -- 2026-01-06 01:00 to 2026-03-27 10:00
    (4, 'ccc-test', '02855500011',  'wuxia@ccc-test',    1767661200000, 1774605600000),  -- 2026-01-06 01:00 to 2026-03-27 10:00
    (5, 'ccc-test', '02155500020',  'chenjing@ccc-test', 1768181400000, 1772550600000),  -- 2026-01-12 01:30 to 2026-03-03 15:10
    (6, 'ccc-test', '02155500020',  'yangmin@ccc-test',  1772550600000, 1775005200000),  -- 2026-03-03 15:10 to 2026-04-01 01:00
    (7, 'ccc-test', '02755500002',  'zhaolei@ccc-test',  1769997600000, 1769998800000),  -- 2026-02-02 02:00 to 2026-02-02 02:20
    (8, 'ccc-test', '051255500001', 'maqiang@ccc-test',  1767661200000, 1774947600000);  -- 2026-01-06 01:00 to 2026-03-31 09:00

-- Open rows, the present. Since 2026-03-20 at 10:05 the sample's number belongs to the sample's user, who has no other.
INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id, assigned_at) VALUES
    (9, 'ccc-test', '083xxxx0011', 'user-test@ccc-test', 1774001100000);

-- Given on 2026-04-01 at 02:00. A number may be Inbound or out of service and still be personal.
INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id, assigned_at)
SELECT column1, 'ccc-test', column2, column3, 1775008800000 FROM (VALUES
    (10, '02855500002', 'zhangwei@ccc-test'), (11, '02855500003', 'zhangwei@ccc-test'), (12, '02855500004', 'zhangwei@ccc-test'),
    (13, '02855500005', 'lina@ccc-test'), (14, '02855500006', 'lina@ccc-test'), (15, '02855500010', 'wangfang@ccc-test'),
    (16, '02855500012', 'wangfang@ccc-test'), (17, '02855500013', 'wangfang@ccc-test'), (18, '02855500014', 'wangfang@ccc-test'),
    (19, '08335550001', 'wangfang@ccc-test'), (20, '02855500015', 'liuyang@ccc-test'), (21, '02855500016', 'liuyang@ccc-test'),
    (22, '08335550002', 'liuyang@ccc-test'), (23, '08335550003', 'liuyang@ccc-test'), (24, '02155500011', 'chenjing@ccc-test'),
    (25, '02155500012', 'chenjing@ccc-test'), (26, '02155500013', 'chenjing@ccc-test'), (27, '02155500014', 'chenjing@ccc-test'),
    (28, '02155500015', 'chenjing@ccc-test'), (29, '02155500016', 'chenjing@ccc-test'), (30, '02155500020', 'yangmin@ccc-test'),
    (31, '02155500021', 'yangmin@ccc-test'), (32, '01055500015', 'yangmin@ccc-test'), (33, '01055500016', 'yangmin@ccc-test'),
    (34, '02755500001', 'zhaolei@ccc-test'), (35, '02755500002', 'zhaolei@ccc-test'), (36, '02755500003', 'zhaolei@ccc-test'),
    (37, '02755500004', 'zhaolei@ccc-test'), (38, '02755500005', 'zhaolei@ccc-test'), (39, '02055500010', 'huangting@ccc-test'),
    (40, '02055500011', 'huangting@ccc-test'), (41, '02055500012', 'huangting@ccc-test'), (42, '02055500013', 'huangting@ccc-test'),
    (43, '02055500014', 'huangting@ccc-test'), (44, '02055500015', 'huangting@ccc-test'), (45, '075555500010', 'huangting@ccc-test'),
    (46, '4005550005', 'huangting@ccc-test'), (47, '057155500001', 'zhoujie@ccc-test'), (48, '057155500002', 'zhoujie@ccc-test'));

-- Callback numbers of vcc-test ------------------------------------------------------------------------------------------

-- Bought on 2026-01-05 at 04:00. The first three are those of the sample reply, with its GUIDs, names and numbers.
INSERT INTO phone_number (instance_id, number, callback_number_name, usage, active, city, callback_number_id, created_at) VALUES
    ('vcc-test', '+48600000000',  'test1',            'Bidirection', 1, '',           '3be4802b-d8ec-4620-a4da-924d96dea63e', 1767585600000),
    ('vcc-test', '+48600000050',  'test2',            'Bidirection', 1, '',           'c480e33b-611f-4744-a4cf-e99e17e11fbf', 1767585600000),
    ('vcc-test', '+48600000009',  'test3',            'Bidirection', 1, '',           '3f33b43b-81c5-4638-ba38-3ece9047886a', 1767585600000),
    ('vcc-test', '+442079460001', 'London reception', 'Bidirection', 1, 'London',     'c0000000-0000-4000-a000-442079460001', 1767585600000),
    ('vcc-test', '+442079460002', 'London support',   'Bidirection', 1, 'London',     'c0000000-0000-4000-a000-442079460002', 1767585600000),
    ('vcc-test', '+442079460003', 'London spare',     'Outbound',    1, 'London',     'c0000000-0000-4000-a000-442079460003', 1767585600000),
    ('vcc-test', '+442079460004', NULL,               'Bidirection', 0, 'London',     'c0000000-0000-4000-a000-442079460004', 1767585600000),
    ('vcc-test', '+12025550101',  'Washington',       'Outbound',    1, 'Washington', 'c0000000-0000-4000-a000-012025550101', 1767585600000),
    ('vcc-test', '+12025550102',  'Washington spare', 'Bidirection', 1, 'Washington', 'c0000000-0000-4000-a000-012025550102', 1767585600000),
    ('vcc-test', '+12025550103',  NULL,               'Bidirection', 1, 'Washington', 'c0000000-0000-4000-a000-012025550103', 1767585600000);

INSERT INTO skill_group_number (skill_group_id, number, instance_id, bound_at) VALUES  -- on 2026-01-06 at 01:00
    ('support@vcc-test', '+442079460002', 'vcc-test', 1767661200000);

-- Given on 2026-01-06 at 01:00. Two users share the reception's number.
INSERT INTO personal_assignment (assignment_id, instance_id, number, user_id, assigned_at) VALUES
    (49, 'vcc-test', '+48600000000',  'annakowalska@vcc-test', 1767661200000),
    (50, 'vcc-test', '+48600000050',  'annakowalska@vcc-test', 1767661200000),
    (51, 'vcc-test', '+48600000009',  'annakowalska@vcc-test', 1767661200000),
    (52, 'vcc-test', '+442079460001', 'tomaszlis@vcc-test',    1767661200000),
    (53, 'vcc-test', '+442079460001', 'jamesgreen@vcc-test',   1767661200000),
    (54, 'vcc-test', '+12025550101',  'jamesgreen@vcc-test',   1767661200000);

-- Half a year of history ------------------------------------------------------------------------------------------------

-- What happened in the 25 weeks after that. Each event has its own moment (in UTC), author and reason; those with the same request number are one request.
-- The program's loader moves them towards today by whole weeks, which it puts into history_shift; loaded by hand they stay where they are.
CREATE TEMP TABLE IF NOT EXISTS history_shift (weeks INTEGER NOT NULL);
CREATE TEMP VIEW event AS SELECT NULL AS happened_at, NULL AS request, NULL AS actor, NULL AS via, NULL AS reason, NULL AS act, NULL AS subject, NULL AS who, NULL AS detail;
CREATE TEMP TRIGGER event_happens INSTEAD OF INSERT ON event BEGIN
    DELETE FROM write_context;
    INSERT INTO write_context (only_row, now, actor, via, request_id, reason)
    SELECT 1, 1000 * (unixepoch(NEW.happened_at) + 604800 * coalesce((SELECT weeks FROM history_shift), 0)),
           NEW.actor, NEW.via, printf('5EED0000-0000-4000-A000-%012d', NEW.request), NEW.reason;

    INSERT INTO ram_user (ram_id, login_name, display_name, email, created_at)
    SELECT '20000000' || NEW.detail, substr(NEW.who, 1, instr(NEW.who, '@') - 1), NEW.subject, replace(NEW.who, '@ccc-test', '@example.com'), now
      FROM v_now WHERE NEW.act = 'join';
    INSERT INTO user (user_id, instance_id, ram_id, display_name, email, extension, display_id, created_at)
    SELECT NEW.who, 'ccc-test', '20000000' || NEW.detail, NEW.subject, replace(NEW.who, '@ccc-test', '@example.com'), NEW.detail, NEW.detail, now
      FROM v_now WHERE NEW.act = 'join';
    DELETE FROM skill_group_member WHERE NEW.act = 'leave' AND user_id = NEW.who;
    DELETE FROM user WHERE NEW.act = 'leave' AND user_id = NEW.who;
    DELETE FROM ram_user WHERE NEW.act = 'leave' AND login_name || '@ccc-test' = NEW.who;
    INSERT INTO skill_group_member (skill_group_id, user_id, instance_id, skill_level, added_at)
    SELECT NEW.detail, NEW.who, 'ccc-test', 5, now FROM v_now WHERE NEW.act = 'member';
    DELETE FROM skill_group_member WHERE NEW.act = 'quit' AND user_id = NEW.who AND skill_group_id = NEW.detail;

    INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at)
    SELECT substr(NEW.who, instr(NEW.who, '@') + 1), NEW.subject, NEW.who, now FROM v_now WHERE NEW.act = 'give';
    UPDATE personal_assignment SET released_at = (SELECT now FROM v_now)
     WHERE NEW.act = 'take' AND number = NEW.subject AND user_id = NEW.who AND released_at IS NULL;
    INSERT INTO reservation (instance_id, number, kind, for_user_id, reserved_at, until_at, reason, made_by)
    SELECT 'ccc-test', NEW.subject, NEW.act, NEW.who, now, now + 86400000 * NEW.detail, NEW.reason, NEW.actor
      FROM v_now WHERE NEW.act IN ('hold', 'cool-down');
    INSERT INTO skill_group_number (skill_group_id, number, instance_id, bound_at)
    SELECT NEW.who, NEW.subject, 'ccc-test', now FROM v_now WHERE NEW.act = 'bind';
    DELETE FROM skill_group_number WHERE NEW.act = 'unbind' AND skill_group_id = NEW.who AND number = NEW.subject;
    UPDATE phone_number SET active = NEW.detail WHERE NEW.act = 'edit' AND number = NEW.subject;

    SELECT RAISE(ABORT, 'this event of the sample changes nothing')
     WHERE NOT EXISTS (SELECT 1 FROM change
                        WHERE request_id = (SELECT request_id FROM write_context)
                          AND (number = NEW.subject OR user_id = NEW.who));
    DELETE FROM write_context;
END;

INSERT INTO event (happened_at, request, actor, via, reason, act, subject, who, detail) VALUES
    ('2026-04-08 08:47:59', 1, 'lina', 'console', '杭州客户回访', 'give', '057155500011', 'zhoujie@ccc-test', ''),
    ('2026-04-13 06:12:25', 2, 'lina', 'console', '新人入职', 'join', '孙丽', 'sunli@ccc-test', '80326051'),
    ('2026-04-13 06:12:25', 2, 'lina', 'console', '新人入职', 'member', '', 'sunli@ccc-test', 'support@ccc-test'),
    ('2026-04-13 06:12:25', 2, 'lina', 'console', '新人入职', 'give', '02855500020', 'sunli@ccc-test', ''),
    ('2026-04-13 06:12:25', 2, 'lina', 'console', '新人入职', 'give', '02855500021', 'sunli@ccc-test', ''),
    ('2026-04-14 07:34:58', 3, 'lina', 'console', '西安办事处开张', 'give', '02955500001', 'yangmin@ccc-test', ''),
    ('2026-04-21 04:07:36', 4, 'lina', 'console', '杭州分公司对接', 'give', '057155500012', 'zhoujie@ccc-test', ''),
    ('2026-04-23 02:38:29', 5, 'demo-client', 'vcc', '', 'give', '+442079460003', 'tomaszlis@vcc-test', ''),
    ('2026-04-27 02:18:40', 6, 'zhangwei', 'console', '五一促销外呼', 'give', '02055500016', 'chenjing@ccc-test', ''),
    ('2026-04-27 02:18:40', 6, 'zhangwei', 'console', '五一促销外呼', 'give', '02055500018', 'huangting@ccc-test', ''),
    ('2026-04-27 02:18:40', 6, 'zhangwei', 'console', '五一促销外呼', 'give', '02055500019', 'chenjing@ccc-test', ''),
    ('2026-04-27 02:18:40', 6, 'zhangwei', 'console', '五一促销外呼', 'give', '02055500020', 'huangting@ccc-test', ''),
    ('2026-04-29 02:18:39', 7, 'user-test', 'cli', '运营商检修', 'edit', '02755500012', 'active', '0'),
    ('2026-05-01 07:12:40', 8, 'user-test', 'cli', '检修完成', 'edit', '02755500012', 'active', '1'),
    ('2026-05-04 09:47:50', 9, 'zhangwei', 'console', '上海展会', 'give', '02155500026', 'yangmin@ccc-test', ''),
    ('2026-05-07 06:21:15', 10, 'lina', 'console', '回访做完了', 'take', '057155500011', 'zhoujie@ccc-test', ''),
    ('2026-05-07 09:21:56', 11, 'zhangwei', 'ccc', '西安外呼', 'give', '02955500002', 'chenjing@ccc-test', ''),
    ('2026-05-11 01:41:13', 12, 'zhangwei', 'console', '新人入职', 'join', '何平', 'heping@ccc-test', '80326052'),
    ('2026-05-11 01:41:13', 12, 'zhangwei', 'console', '新人入职', 'member', '', 'heping@ccc-test', 'sales@ccc-test'),
    ('2026-05-11 01:41:13', 12, 'zhangwei', 'console', '新人入职', 'give', '02155500023', 'heping@ccc-test', ''),
    ('2026-05-11 01:41:13', 12, 'zhangwei', 'console', '新人入职', 'give', '02155500025', 'heping@ccc-test', ''),
    ('2026-05-14 07:03:14', 13, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500016', 'chenjing@ccc-test', ''),
    ('2026-05-14 07:03:14', 13, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500018', 'huangting@ccc-test', ''),
    ('2026-05-14 07:03:14', 13, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500019', 'chenjing@ccc-test', ''),
    ('2026-05-14 07:03:14', 13, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500020', 'huangting@ccc-test', ''),
    ('2026-05-18 02:26:38', 14, 'zhangwei', 'console', '夜间专线试运行', 'bind', '02755500009', 'night@ccc-test', ''),
    ('2026-05-18 02:26:38', 14, 'zhangwei', 'console', '夜间专线试运行', 'bind', '02755500010', 'night@ccc-test', ''),
    ('2026-05-20 09:07:23', 15, 'lina', 'console', '客户指定用广州号码联系', 'give', '02055500023', 'sunli@ccc-test', ''),
    ('2026-05-27 08:21:38', 16, 'lina', 'console', '成都老客户', 'give', '02855500023', 'liuyang@ccc-test', ''),
    ('2026-05-28 06:52:56', 17, 'lina', 'console', '西安客户增多', 'give', '02955500006', 'chenjing@ccc-test', ''),
    ('2026-06-01 09:12:18', 18, 'zhangwei', 'console', '618 大促外呼', 'give', '02055500016', 'chenjing@ccc-test', ''),
    ('2026-06-01 09:12:18', 18, 'zhangwei', 'console', '618 大促外呼', 'give', '02055500018', 'huangting@ccc-test', ''),
    ('2026-06-01 09:12:18', 18, 'zhangwei', 'console', '618 大促外呼', 'give', '02055500019', 'yangmin@ccc-test', ''),
    ('2026-06-01 09:12:18', 18, 'zhangwei', 'console', '618 大促外呼', 'give', '02055500020', 'chenjing@ccc-test', ''),
    ('2026-06-01 09:12:18', 18, 'zhangwei', 'console', '618 大促外呼', 'give', '075555500020', 'huangting@ccc-test', ''),
    ('2026-06-01 09:12:18', 18, 'zhangwei', 'console', '618 大促外呼', 'give', '075555500021', 'yangmin@ccc-test', ''),
    ('2026-06-02 08:38:19', 19, 'demo-client', 'vcc', '', 'take', '+442079460003', 'tomaszlis@vcc-test', ''),
    ('2026-06-03 06:55:22', 20, 'zhangwei', 'console', '展会结束', 'take', '02155500026', 'yangmin@ccc-test', ''),
    ('2026-06-10 09:38:56', 21, 'lina', 'console', '改由客服组接', 'take', '057155500012', 'zhoujie@ccc-test', ''),
    ('2026-06-11 06:03:29', 22, 'lina', 'console', '投诉处理', 'give', '02855500026', 'liuyang@ccc-test', ''),
    ('2026-06-15 07:07:15', 23, 'lina', 'admin', '暑期实习生', 'join', '马超', 'machao@ccc-test', '80326053'),
    ('2026-06-15 07:07:15', 23, 'lina', 'admin', '暑期实习生', 'member', '', 'machao@ccc-test', 'returns@ccc-test'),
    ('2026-06-15 07:07:15', 23, 'lina', 'admin', '暑期实习生', 'give', '075555500015', 'machao@ccc-test', ''),
    ('2026-06-15 07:07:15', 23, 'lina', 'admin', '暑期实习生', 'give', '075555500018', 'machao@ccc-test', ''),
    ('2026-06-15 07:07:15', 23, 'lina', 'admin', '暑期实习生', 'give', '075555500019', 'machao@ccc-test', ''),
    ('2026-06-23 03:18:42', 24, 'lina', 'console', '西安外呼', 'give', '02955500003', 'yangmin@ccc-test', ''),
    ('2026-06-25 03:41:06', 25, 'lina', 'console', '夜班人手不足', 'member', '', 'huangting@ccc-test', 'night@ccc-test'),
    ('2026-06-26 03:41:07', 26, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500016', 'chenjing@ccc-test', ''),
    ('2026-06-26 03:41:07', 26, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500018', 'huangting@ccc-test', ''),
    ('2026-06-26 03:41:07', 26, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500019', 'yangmin@ccc-test', ''),
    ('2026-06-26 03:41:07', 26, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500020', 'chenjing@ccc-test', ''),
    ('2026-06-26 03:41:07', 26, 'zhangwei', 'console', '活动结束，收回', 'take', '075555500020', 'huangting@ccc-test', ''),
    ('2026-06-26 03:41:07', 26, 'zhangwei', 'console', '活动结束，收回', 'take', '075555500021', 'yangmin@ccc-test', ''),
    ('2026-06-30 06:12:59', 27, 'zhangwei', 'ccc', '临时顶班', 'give', '02855500025', 'liuyang@ccc-test', ''),
    ('2026-07-01 02:12:06', 28, 'ewawisniewska', 'console', 'Cover for the summer', 'give', '+12025550102', 'jamesgreen@vcc-test', ''),
    ('2026-07-01 03:47:07', 29, 'lina', 'console', '投诉已结案', 'take', '02855500026', 'liuyang@ccc-test', ''),
    ('2026-07-10 01:07:27', 30, 'zhangwei', 'console', '试用期结束，未转正', 'take', '02155500023', 'heping@ccc-test', ''),
    ('2026-07-10 01:07:27', 30, 'zhangwei', 'console', '试用期结束，未转正', 'take', '02155500025', 'heping@ccc-test', ''),
    ('2026-07-10 01:07:27', 30, 'zhangwei', 'console', '试用期结束，未转正', 'leave', '', 'heping@ccc-test', ''),
    ('2026-07-15 08:03:13', 31, 'lina', 'console', '号码被标记为骚扰，换一个', 'give', '02855500029', 'liuyang@ccc-test', ''),
    ('2026-07-16 07:03:42', 32, 'zhangwei', 'ccc', '顶班结束', 'take', '02855500025', 'liuyang@ccc-test', ''),
    ('2026-07-17 03:21:18', 33, 'lina', 'console', '西安客户增多', 'give', '02955500008', 'huangting@ccc-test', ''),
    ('2026-07-20 02:41:26', 34, 'lina', 'console', '客户合同到期', 'take', '02855500023', 'liuyang@ccc-test', ''),
    ('2026-07-24 06:47:01', 35, 'lina', 'console', '夜班恢复正常', 'quit', '', 'huangting@ccc-test', 'night@ccc-test'),
    ('2026-07-24 08:47:51', 36, 'zhangwei', 'admin', '上海新客户', 'give', '02155500028', 'yangmin@ccc-test', ''),
    ('2026-07-28 09:52:11', 37, 'zhangwei', 'console', '七夕活动', 'give', '02055500018', 'huangting@ccc-test', ''),
    ('2026-07-28 09:52:11', 37, 'zhangwei', 'console', '七夕活动', 'give', '02055500019', 'chenjing@ccc-test', ''),
    ('2026-07-28 09:52:11', 37, 'zhangwei', 'console', '七夕活动', 'give', '02055500020', 'huangting@ccc-test', ''),
    ('2026-08-06 02:03:46', 38, 'lina', 'console', '杭州老客户', 'give', '057155500014', 'zhoujie@ccc-test', ''),
    ('2026-08-06 05:26:38', 39, 'user-test', 'admin', '实名复核', 'edit', '02055500024', 'active', '0'),
    ('2026-08-10 06:38:07', 40, 'user-test', 'admin', '复核通过', 'edit', '02055500024', 'active', '1'),
    ('2026-08-12 06:12:44', 41, 'zhangwei', 'console', '西安新项目', 'give', '02955500009', 'yangmin@ccc-test', ''),
    ('2026-08-13 04:26:06', 42, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500018', 'huangting@ccc-test', ''),
    ('2026-08-13 04:26:06', 42, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500019', 'chenjing@ccc-test', ''),
    ('2026-08-13 04:26:06', 42, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500020', 'huangting@ccc-test', ''),
    ('2026-08-17 01:07:00', 43, 'zhangwei', 'console', '试运行结束', 'unbind', '02755500009', 'night@ccc-test', ''),
    ('2026-08-17 01:07:00', 43, 'zhangwei', 'console', '试运行结束', 'unbind', '02755500010', 'night@ccc-test', ''),
    ('2026-08-18 05:12:47', 44, 'lina', 'console', '换回', 'take', '02855500029', 'liuyang@ccc-test', ''),
    ('2026-08-24 01:47:13', 45, 'zhangwei', 'console', '中秋促销外呼', 'give', '02055500016', 'chenjing@ccc-test', ''),
    ('2026-08-24 01:47:13', 45, 'zhangwei', 'console', '中秋促销外呼', 'give', '02055500018', 'huangting@ccc-test', ''),
    ('2026-08-24 01:47:13', 45, 'zhangwei', 'console', '中秋促销外呼', 'give', '075555500020', 'chenjing@ccc-test', ''),
    ('2026-08-28 01:07:52', 46, 'lina', 'console', '离职，号码收回', 'take', '02855500020', 'sunli@ccc-test', ''),
    ('2026-08-28 01:07:52', 46, 'lina', 'console', '离职，号码收回', 'take', '02855500021', 'sunli@ccc-test', ''),
    ('2026-08-28 01:07:52', 46, 'lina', 'console', '离职，号码收回', 'take', '02055500023', 'sunli@ccc-test', ''),
    ('2026-08-28 01:07:52', 46, 'lina', 'console', '离职，号码收回', 'leave', '', 'sunli@ccc-test', ''),
    ('2026-08-28 01:38:57', 47, 'lina', 'console', '西安新项目', 'give', '02955500010', 'chenjing@ccc-test', ''),
    ('2026-09-03 02:07:17', 48, 'zhangwei', 'admin', '转给销售组', 'take', '02155500028', 'yangmin@ccc-test', ''),
    ('2026-09-03 06:55:16', 49, 'ewawisniewska', 'console', 'Back from holiday', 'take', '+12025550102', 'jamesgreen@vcc-test', ''),
    ('2026-09-04 07:34:25', 50, 'lina', 'console', '西安新项目', 'give', '02955500011', 'huangting@ccc-test', ''),
    ('2026-09-09 08:21:45', 51, 'lina', 'console', '号码被标记为骚扰', 'take', '057155500014', 'zhoujie@ccc-test', ''),
    ('2026-09-10 02:38:40', 52, 'zhangwei', 'console', '西安新项目', 'give', '02955500007', 'chenjing@ccc-test', ''),
    ('2026-09-18 08:41:27', 53, 'lina', 'console', '实习结束', 'take', '075555500015', 'machao@ccc-test', ''),
    ('2026-09-18 08:41:27', 53, 'lina', 'console', '实习结束', 'take', '075555500018', 'machao@ccc-test', ''),
    ('2026-09-18 08:41:27', 53, 'lina', 'console', '实习结束', 'take', '075555500019', 'machao@ccc-test', ''),
    ('2026-09-18 08:41:27', 53, 'lina', 'console', '实习结束', 'leave', '', 'machao@ccc-test', ''),
    ('2026-09-18 09:34:49', 54, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500016', 'chenjing@ccc-test', ''),
    ('2026-09-18 09:34:49', 54, 'zhangwei', 'console', '活动结束，收回', 'take', '02055500018', 'huangting@ccc-test', ''),
    ('2026-09-18 09:34:49', 54, 'zhangwei', 'console', '活动结束，收回', 'take', '075555500020', 'chenjing@ccc-test', ''),
    ('2026-09-21 08:55:10', 55, 'lina', 'console', '为十月入职的新同事预留', 'hold', '02855500029', 'lina@ccc-test', '21'),
    ('2026-09-21 08:55:10', 55, 'lina', 'console', '为十月入职的新同事预留', 'hold', '02855500030', 'lina@ccc-test', '21'),
    ('2026-09-22 04:38:10', 56, 'lina', 'console', '西安新项目', 'give', '02955500012', 'zhoujie@ccc-test', ''),
    ('2026-09-25 08:41:12', 57, 'lina', 'console', '客户投诉，暂缓再用', 'take', '02955500011', 'huangting@ccc-test', ''),
    ('2026-09-25 08:41:12', 57, 'lina', 'console', '客户投诉，暂缓再用', 'cool-down', '02955500011', 'huangting@ccc-test', '30');
DROP VIEW event;
DROP TABLE history_shift;
